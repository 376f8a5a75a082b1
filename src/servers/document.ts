/** A JSON object of a document whose shape is not to be trusted. */
export type Json = Record<string, unknown>;

/** An icon that clients may show. */
export interface Icon {
  src: string;
  mimeType: string | null;
  sizes: string[];
  theme: string | null;
}

/** Where the source code is. */
export interface Repository {
  url: string;
  source: string | null;
  id: string | null;
  subfolder: string | null;
}

/** A value that the user or the client supplies; all values are text. */
export interface Input {
  name: string | null;
  description: string | null;
  isRequired: boolean;
  format: string;
  value: string | null;
  isSecret: boolean;
  default: string | null;
  placeholder: string | null;
  choices: string[];
  /** What may stand in braces in `value`. */
  variables: Input[];
}

/** A command line argument: `--name value` or a place of its own. */
export interface Argument extends Input {
  kind: 'named' | 'positional';
  valueHint: string | null;
  isRepeated: boolean;
}

/** How a client talks to the server; `type` is null where the document names a transport that no schema knows. */
export interface Transport {
  type: 'stdio' | 'streamable-http' | 'sse' | null;
  url: string | null;
  headers: Input[];
  variables: Input[];
}

/** A package that runs the server. */
export interface Package {
  registryType: string;
  registryBaseUrl: string | null;
  identifier: string;
  version: string | null;
  fileSha256: string | null;
  runtimeHint: string | null;
  transport: Transport;
  runtimeArguments: Argument[];
  packageArguments: Argument[];
  environmentVariables: Input[];
}

/** Typed views of a server.json of any schema version; dirt becomes null, empty or false, never an error. */
export interface Document {
  schemaUrl: string | null;
  name: string;
  version: string;
  title: string | null;
  description: string;
  websiteUrl: string | null;
  repository: Repository | null;
  icons: Icon[];
  packages: Package[];
  remotes: Transport[];
  publisherMetadata: Json | null;
}

/** Reads a parsed server.json; the July 2025 schema's snake_case keys are understood too. */
export function readDocument(value: Json): Document {
  return {
    schemaUrl: text(value, '$schema'),
    name: text(value, 'name') ?? '',
    version: text(value, 'version') ?? '',
    title: text(value, 'title'),
    description: text(value, 'description') ?? '',
    websiteUrl: text(value, 'websiteUrl'),
    repository: readRepository(value.repository),
    icons: objects(value, 'icons').map(readIcon),
    packages: objects(value, 'packages').map(readPackage),
    remotes: objects(value, 'remotes').map(readTransport),
    publisherMetadata: object(object(value._meta)?.['io.modelcontextprotocol.registry/publisher-provided']),
  };
}

/** How the schema of July 2025 spelt a key. */
export const snakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The spelling under which an object has a key: the current schema's, or the first one's. */
export function spellingOf(from: Json, key: string): string {
  const old = snakeCase(key);
  return from[key] == null && from[old] != null ? old : key;
}

/** Those of the keys below. Most keys of most objects are absent, and each absence asks for one. */
const oldSpellings = new Map<string, string>();

function field(from: Json, key: string): unknown {
  const value = from[key];
  if (value != null) return value;
  let old = oldSpellings.get(key);
  if (old === undefined) oldSpellings.set(key, (old = snakeCase(key)));
  return old === key ? value : from[old];
}

function text(from: Json, key: string): string | null {
  const value = field(from, key);
  if (typeof value === 'string') return value.isWellFormed() ? value : value.toWellFormed();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function flag(from: Json, key: string): boolean {
  return field(from, key) === true;
}

function texts(from: Json, key: string): string[] {
  const value = field(from, key);
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string').map((one) => one.toWellFormed()) : [];
}

function object(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function objects(from: Json, key: string): Json[] {
  const value = field(from, key);
  return Array.isArray(value) ? value.map(object).filter((one) => one !== null) : [];
}

/** An empty repository, as a tenth of the real records has it, is none. */
function readRepository(value: unknown): Repository | null {
  const from = object(value);
  const url = from && text(from, 'url');
  if (!url) return null;
  return { url, source: text(from, 'source'), id: text(from, 'id'), subfolder: text(from, 'subfolder') };
}

function readIcon(from: Json): Icon {
  return {
    src: text(from, 'src') ?? '',
    mimeType: text(from, 'mimeType'),
    sizes: texts(from, 'sizes'),
    theme: text(from, 'theme'),
  };
}

function readPackage(from: Json): Package {
  return {
    registryType: text(from, 'registryType') ?? text(from, 'registry_name') ?? '',
    registryBaseUrl: text(from, 'registryBaseUrl'),
    identifier: text(from, 'identifier') ?? text(from, 'name') ?? '',
    version: text(from, 'version'),
    fileSha256: text(from, 'fileSha256'),
    runtimeHint: text(from, 'runtimeHint'),
    transport: readTransport(object(from.transport) ?? { type: 'stdio' }),
    runtimeArguments: objects(from, 'runtimeArguments').map(readArgument),
    packageArguments: objects(from, 'packageArguments').map(readArgument),
    environmentVariables: objects(from, 'environmentVariables').map((one) => readInput(one)),
  };
}

function readTransport(from: Json): Transport {
  return {
    type: transportType(text(from, 'type') ?? text(from, 'transportType')),
    url: text(from, 'url'),
    headers: objects(from, 'headers').map((one) => readInput(one)),
    variables: readVariables(from),
  };
}

function transportType(type: string | null): Transport['type'] {
  if (type === 'streamable') return 'streamable-http';
  return type === 'stdio' || type === 'streamable-http' || type === 'sse' ? type : null;
}

function readArgument(from: Json): Argument {
  const input = readInput(from);
  const type = text(from, 'type');
  const named = type === 'named' || (type !== 'positional' && input.name !== null);
  return {
    ...input,
    kind: named ? 'named' : 'positional',
    valueHint: text(from, 'valueHint'),
    isRepeated: flag(from, 'isRepeated'),
  };
}

function readInput(from: Json, name: string | null = text(from, 'name')): Input {
  return {
    name,
    description: text(from, 'description'),
    isRequired: flag(from, 'isRequired'),
    format: text(from, 'format') ?? 'string',
    value: text(from, 'value'),
    isSecret: flag(from, 'isSecret'),
    default: text(from, 'default'),
    placeholder: text(from, 'placeholder'),
    choices: texts(from, 'choices'),
    variables: readVariables(from),
  };
}

function readVariables(from: Json): Input[] {
  const variables = object(from.variables);
  if (!variables) return [];
  return Object.entries(variables).flatMap(([name, value]) => {
    const input = object(value);
    return input ? [readInput(input, name)] : [];
  });
}
