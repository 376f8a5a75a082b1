import { pageOf } from '../address.ts';
import { changesBetween } from '../changes-between.ts';
import type { Cli } from '../cli.ts';
import { succeed } from '../client.ts';
import { defineCommand, flag, optional, value } from '../command.ts';
import { CliError, isTransient } from '../errors.ts';
import { graphql } from '../gql/gql.ts';
import { logInFor } from '../login/for-name.ts';
import { issueLine, type Issue } from '../output.ts';
import { invalid, offlineIssues, readServerFile, withLines, type ServerFile } from '../server-json.ts';
import { askAsViewer, tokenOf } from '../session.ts';
import { checkVersion } from '../version.ts';
import { readNumber, untilDone } from '../wait.ts';

const BeforePublish = graphql(`
  query BeforePublish($document: JSON!, $name: String!) {
    registry {
      minimumClientVersion
    }
    viewer {
      subject
    }
    validateServer(document: $document) {
      issues {
        path
        severity
        message
        reference
      }
    }
    serverVersion(name: $name) {
      version
      document
    }
  }
`);

const Publish = graphql(`
  mutation Publish($document: JSON!, $dryRun: Boolean!) {
    publishServer(input: { document: $document, dryRun: $dryRun }) {
      __typename
      ... on PublishServerPayload {
        outcome
        version {
          name
          version
          isLatest
          digest
          publishedAt
        }
        warnings {
          path
          severity
          message
          reference
        }
      }
      ...Refusal
    }
  }
`);

export const publish = defineCommand({
  name: 'publish',
  summary: 'check a server.json and publish it',
  description:
    'Checks a server.json, logs in if needed, shows what it changes against the latest version, publishes it and prints where it is. The same document again is a success that changes nothing.',
  parameters: {
    file: optional('the file; server.json when left out'),
    dryRun: flag('do everything but publish: whose the packages are is asked too'),
    wait: flag('try again while a package or a registry is not ready yet'),
    timeout: value('seconds', 'how long --wait waits; 900 when left out'),
  },
  examples: ['mcp publish', 'mcp publish --dry-run', 'mcp publish weather/server.json --wait --json'],
  async run(cli, { file, dryRun, wait, timeout }) {
    const seconds = readNumber(timeout, 'timeout', { most: 86_400, otherwise: 900 });
    const read = readServerFile(file);
    const early = offlineIssues(read);
    if (early.length > 0) throw invalid(read.file, withLines(early, read));
    const { name, version } = read.document as { name: string; version: string };
    if ((await tokenOf(cli)) === null) await logInFor(cli, name);
    const patiently = <T>(work: () => Promise<T>) =>
      wait ? untilDone(work, { again: isTransient, seconds, onWait: sayWait(cli) }) : work();
    await patiently(() => check(cli, read, name));
    const done = await patiently(() => send(cli, read, dryRun));
    return shown(cli, { name, version, dryRun, done });
  },
});

/** Stops at what the registry would refuse, and shows what would change. */
async function check(cli: Cli, read: ServerFile, name: string): Promise<void> {
  const found = await askAsViewer(cli, BeforePublish, { document: read.raw, name });
  checkVersion(found.registry.minimumClientVersion, cli.output);
  const issues = withLines(found.validateServer.issues, read);
  if (issues.some(({ severity }) => severity === 'ERROR')) throw invalid(read.file, issues);
  const { output } = cli;
  const { dim, bold } = output.remarks;
  if (found.serverVersion === null) return output.note(dim(`${name} is new at ${cli.registry}.`));
  const changes = changesBetween(found.serverVersion.document, read.document);
  output.note(dim(`Against ${bold(found.serverVersion.version)}, the latest version:`));
  for (const line of changes.length > 0 ? changes : ['nothing changes']) output.note(dim(`  ${line}`));
}

async function send(cli: Cli, read: ServerFile, dryRun: boolean) {
  try {
    return succeed((await askAsViewer(cli, Publish, { document: read.raw, dryRun })).publishServer);
  } catch (error) {
    if (!(error instanceof CliError) || !Array.isArray(error.details.issues)) throw error;
    throw invalid(read.file, withLines(error.details.issues as Issue[], read));
  }
}

const sayWait =
  ({ output }: Cli) =>
  (error: CliError, seconds: number) =>
    output.note(`${error.message} Trying again in ${seconds} s.`);

interface Sent {
  done: Awaited<ReturnType<typeof send>>;
  name: string;
  version: string;
  dryRun: boolean;
}

function shown({ registry, output }: Cli, { done, dryRun, ...asked }: Sent) {
  const { outcome, version: made, warnings } = done;
  const { name, version } = made ?? asked;
  const { green, bold, cyan } = output.colors;
  for (const issue of warnings) output.note(issueLine(issue, output.remarks));
  const url = pageOf(registry, name);
  const api = `${registry}/v0.1/servers/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`;
  const what = bold(`${name} ${version}`);
  const said = {
    CREATED: `${green('Published')} ${what}${made?.isLatest === false ? ' (not the latest version)' : ''}`,
    UNCHANGED: `${green('Published before')}, and nothing has changed: ${what}`,
    VALID: `${green('Valid')}: ${what} can be published; nothing was.`,
  }[outcome];
  const facts = { isLatest: made?.isLatest ?? null, digest: made?.digest ?? null };
  return {
    value: { outcome, name, version, ...facts, url, api, dryRun, warnings },
    lines: dryRun ? [said] : [said, `  ${cyan(url)}`, `  ${cyan(api)}`],
  };
}
