import { randomBytes } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startProgram, startScript } from './children.ts';

const root = resolve(import.meta.dirname, '../..');

/** A registry that runs. */
export interface Registry {
  child: Child;
  publicUrl: string;
  internalUrl: string;
  /** From the start of the process until it said that it is ready. */
  seconds: number;
}

/** Settings of every registry of a run: those of production, on free ports, with its own database. */
export function environment(dataDir: string, seedFrom: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'production',
    MCP_REGISTRY_PORT: '0',
    MCP_REGISTRY_INTERNAL_PORT: '0',
    ...(dataDir && { MCP_REGISTRY_DATA_DIR: dataDir }),
    MCP_REGISTRY_SEED_FROM: seedFrom,
    MCP_REGISTRY_JWT_PRIVATE_KEY: randomBytes(32).toString('hex'),
  };
}

/** Settings of the service on a database that is there, with nothing kept of what it answered. */
export function storeOffEnvironment(databaseUrl: string): NodeJS.ProcessEnv {
  return { ...environment('', 'none'), MCP_REGISTRY_DATABASE_URL: databaseUrl, MCP_REGISTRY_PAGE_CACHE_MB: '0' };
}

/** Starts the service alone, with a probe in it that tells its memory; `more` are settings beside those of every run. */
export function startRegistry(dataDir: string, scratch: string, more: Record<string, string> = {}): Promise<Registry> {
  return untilReady(scratch, (log) =>
    startScript(join(root, 'src/main.ts'), [], {
      execArgv: ['--expose-gc', '--import', join(import.meta.dirname, 'memory-probe.ts')],
      env: { ...environment(dataDir, 'none'), ...more },
      stdio: ['ignore', log, log, 'ipc'],
    }),
  );
}

/** Runs `npm start`, as a person does, with the repository's samples for an empty database. */
export async function npmStart(dataDir: string, scratch: string): Promise<Registry> {
  const npm = process.env.npm_execpath;
  if (!npm) throw new Error('Start it with npm: `npm run bench`.');
  return untilReady(scratch, (log) =>
    startProgram(process.execPath, [npm, 'start'], {
      cwd: root,
      env: environment(dataDir, 'samples'),
      stdio: ['ignore', log, log],
    }),
  );
}

/** The log goes to a file, so that reading it costs the measuring nothing. */
async function untilReady(scratch: string, start: (log: number) => Child): Promise<Registry> {
  const file = join(mkdtempSync(join(scratch, 'registry-')), 'log');
  const log = openSync(file, 'w');
  const began = performance.now();
  const child = start(log);
  while (child.process.exitCode === null && performance.now() - began < 120_000) {
    const text = readFileSync(file, 'utf8');
    const [publicUrl, internalUrl] = [urlAfter('GraphQL', text), urlAfter('Subgraph', text)];
    if (publicUrl && internalUrl && (await isReady(internalUrl))) {
      return { child, publicUrl, internalUrl, seconds: (performance.now() - began) / 1000 };
    }
    await sleep(10);
  }
  await child.stop();
  throw new Error(`The registry did not start:\n${readFileSync(file, 'utf8')}`);
}

const urlAfter = (door: string, text: string) => new RegExp(`${door} +(http://\\S+)/graphql`).exec(text)?.[1];

async function isReady(internalUrl: string): Promise<boolean> {
  return (await fetch(`${internalUrl}/health/ready`)).ok;
}
