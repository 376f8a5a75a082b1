import { oneLine } from './clean.ts';

/** How a client is told of a server. */
export interface Install {
  client: string;
  lines: string[];
}

type Json = Record<string, unknown>;

/** What a client starts, or where it connects. */
type Target =
  { command: string; args: string[]; env: string[] } | { type: 'http' | 'sse'; url: string; headers: string[] };

const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : []);
const text = (value: unknown): string => (typeof value === 'string' ? oneLine(value, 500) : '');

/** The lines that install a server in the usual clients; none where its document says nothing that they can use. */
export function installLines(name: string, document: unknown): Install[] {
  const { packages, remotes } = object(document);
  const target = objects(packages).map(toCommand).find(Boolean) ?? objects(remotes).map(toRemote).find(Boolean);
  if (!target) return [];
  const short = (name.split('/').at(-1) ?? name).replaceAll(/[^\w-]/g, '-');
  const entry = toEntry(target);
  return [
    { client: 'Claude Code', lines: [forClaude(short, target)] },
    { client: 'VS Code', lines: [`code --add-mcp ${quote(JSON.stringify({ name: short, ...entry }))}`] },
    {
      client: 'Cursor, Claude Desktop and others (mcpServers)',
      lines: [JSON.stringify({ mcpServers: { [short]: entry } })],
    },
  ];
}

function toCommand(one: Json): Target | undefined {
  const [identifier, version] = [text(one.identifier), text(one.version)];
  const env = objects(one.environmentVariables)
    .map((variable) => text(variable.name))
    .filter(Boolean);
  const at = (sign: string) => (version ? `${identifier}${sign}${version}` : identifier);
  const runtime = argumentsOf(one.runtimeArguments);
  const more = argumentsOf(one.packageArguments);
  const start = (command: string, ...args: string[]): Target => ({ command, args: [...args, ...more], env });
  switch (text(one.registryType).toLowerCase()) {
    case 'npm':
      return start('npx', '-y', ...runtime.filter((word) => word !== '-y'), at('@'));
    case 'pypi':
      return start('uvx', ...runtime, at('@'));
    case 'nuget':
      return start('dnx', ...runtime, at('@'), '--yes');
    case 'oci':
      return start(
        'docker',
        'run',
        '-i',
        '--rm',
        ...env.flatMap((variable) => ['-e', variable]),
        ...runtime,
        identifier,
      );
    default:
      return undefined;
  }
}

function toRemote(one: Json): Target | undefined {
  const url = text(one.url);
  if (!/^https?:\/\//i.test(url)) return undefined;
  const headers = objects(one.headers)
    .map((header) => text(header.name))
    .filter(Boolean);
  return { type: text(one.type) === 'sse' ? 'sse' : 'http', url, headers };
}

/** What is fixed stands as it is, what is wanted of the user as a placeholder; what may be left out is. */
function argumentsOf(list: unknown): string[] {
  return objects(list).flatMap((one) => {
    const fixed = text(one.value) || text(one.default);
    if (!fixed && one.isRequired !== true) return [];
    const value =
      fixed ||
      (one.format === 'boolean' ? '' : `<${text(one.valueHint) || text(one.name).replace(/^-+/, '') || 'value'}>`);
    return one.type === 'named' ? [text(one.name), value].filter(Boolean) : [value];
  });
}

function toEntry(target: Target): Json {
  const asked = (names: string[]) => Object.fromEntries(names.map((name) => [name, `<${name}>`]));
  if ('url' in target) {
    const { type, url, headers } = target;
    return { type, url, ...(headers.length > 0 && { headers: asked(headers) }) };
  }
  const { command, args, env } = target;
  return { command, args, ...(env.length > 0 && { env: asked(env) }) };
}

function forClaude(short: string, target: Target): string {
  if ('url' in target) {
    const headers = target.headers.map((name) => ` --header ${quote(`${name}: <${name}>`)}`);
    return `claude mcp add --transport ${target.type} ${short} ${quote(target.url)}${headers.join('')}`;
  }
  const env = target.env.map((name) => ` --env ${quote(`${name}=<${name}>`)}`);
  return `claude mcp add ${short}${env.join('')} -- ${[target.command, ...target.args].map(quote).join(' ')}`;
}

/** A word that a shell takes as it stands, whoever wrote it. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
