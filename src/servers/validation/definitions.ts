import { z } from 'zod';
import { lengthOf } from './length.ts';
import { definition, properties } from './pointers.ts';
import type { SchemaVersion } from './schema-version.ts';
import { isUri } from './uri.ts';

/** A rule of the official schema beyond a value's type. */
interface Rule {
  keyword: string;
  holds: (text: string) => boolean;
  says: string;
}

const atLeast = (least: number): Rule => ({
  keyword: 'minLength',
  holds: (text) => lengthOf(text) >= least,
  says: `must have at least ${least} character${least === 1 ? '' : 's'}`,
});
const atMost = (most: number): Rule => ({
  keyword: 'maxLength',
  holds: (text) => lengthOf(text) <= most,
  says: `must have at most ${most} characters`,
});
const matching = (pattern: RegExp, what: string): Rule => ({
  keyword: 'pattern',
  holds: (text) => pattern.test(text),
  says: `must be ${what}: ${pattern.source}`,
});
const uri: Rule = { keyword: 'format', holds: isUri, says: 'must be an absolute URI, such as https://example.com/' };
const notLatest: Rule = { keyword: 'not', holds: (text) => text !== 'latest', says: 'must not be "latest"' };
const webAddress = matching(/^https?:\/\/[^\s]+$/, 'an http or https address without white space');

function text(...rules: Rule[]): z.ZodType {
  return rules.reduce<z.ZodType>(
    (schema, { keyword, holds, says }) =>
      schema.refine((value) => holds(value as string), { error: says, params: { keyword } }),
    z.string(),
  );
}

const oneOf = (...values: string[]) => z.enum(values);
const flag = () => z.boolean().optional();
const list = (element: z.ZodType) => z.array(element).optional();
const object = (pointer: string, shape: Record<string, z.ZodType>) => definition(pointer, z.strictObject(shape));
const anyObject = () => z.looseObject({}).optional();
/** The schema has nothing to say of it here, yet it is read where it stands. */
const open = z.unknown().optional();

/** What the user or the client fills in: variables, headers, arguments. */
export function inputs(version: SchemaVersion) {
  const plain = properties(version, '#/definitions/Input', {
    description: text().optional(),
    isRequired: flag(),
    format: oneOf('string', 'number', 'boolean', 'filepath').optional(),
    value: text().optional(),
    isSecret: flag(),
    default: text().optional(),
    choices: list(text()),
    ...(version >= '2025-10-11' && { placeholder: text().optional() }),
  });
  const input = object('#/definitions/Input', plain);
  const variables = z.strictObject({}).catchall(input).optional();
  const withVariables = { ...plain, ...properties(version, '#/definitions/InputWithVariables/allOf/1', { variables }) };
  const name = properties(version, '#/definitions/KeyValueInput/allOf/1', { name: text() });
  return { input, withVariables, keyValue: object('#/definitions/Input', { ...withVariables, ...name }) };
}

type Inputs = ReturnType<typeof inputs>;

function argument(version: SchemaVersion, { withVariables }: Inputs): z.ZodType {
  const named = properties(version, '#/definitions/NamedArgument/allOf/1', {
    type: z.literal('named'),
    name: text(),
    isRepeated: flag(),
  });
  const positional = properties(version, '#/definitions/PositionalArgument/allOf/1', {
    type: z.literal('positional'),
    valueHint: text().optional(),
    isRepeated: flag(),
  });
  const hint = version === '2025-07-09' ? 'value_hint' : 'valueHint';
  const either = z
    .strictObject({ ...withVariables, ...positional, name: open })
    .refine((value) => Object.hasOwn(value, hint) || Object.hasOwn(value, 'value'), {
      error: `must have a value or a ${hint}`,
      params: { keyword: 'anyOf', of: '#/definitions/PositionalArgument/allOf/1' },
    });
  const choice = z.discriminatedUnion('type', [z.strictObject({ ...withVariables, ...named, [hint]: open }), either]);
  return definition('#/definitions/Argument', choice);
}

/** Transports by their type, for packages and, without `stdio`, for remotes. */
function transports(version: SchemaVersion, { keyValue }: Inputs) {
  const current = version >= '2025-12-11';
  const web = (name: string, type: string, ...before: Rule[]) => {
    const url = text(...(current ? [webAddress] : before));
    return properties(version, `#/definitions/${name}`, { type: z.literal(type), url, headers: list(keyValue) });
  };
  return {
    stdio: properties(version, '#/definitions/StdioTransport', { type: z.literal('stdio') }),
    http: web('StreamableHttpTransport', 'streamable-http'),
    sse: web('SseTransport', 'sse', uri),
  };
}

/** What a package's own transport is; its variables have no meaning to the schema. */
function localTransport(version: SchemaVersion, inputsOf: Inputs): z.ZodType {
  const { stdio, http, sse } = transports(version, inputsOf);
  const at = version >= '2025-12-11' ? '#/definitions/LocalTransport' : '#/definitions/Package/properties/transport';
  const choice = z.discriminatedUnion('type', [
    z.strictObject({ ...stdio, url: open, headers: open, variables: open }),
    z.strictObject({ ...http, variables: open }),
    z.strictObject({ ...sse, variables: open }),
  ]);
  return definition(at, choice);
}

/** Where a server runs already. */
export function remoteTransport(version: SchemaVersion, inputsOf: Inputs): z.ZodType {
  const { http, sse } = transports(version, inputsOf);
  const current = version >= '2025-12-11';
  const base = version >= '2025-10-11' ? '#/definitions/ServerDetail' : '#/definitions/ServerDetail/allOf/1';
  const variables = current
    ? properties(version, '#/definitions/RemoteTransport/allOf/1', {
        variables: z.strictObject({}).catchall(inputsOf.input).optional(),
      })
    : { variables: open };
  const choice = z.discriminatedUnion('type', [
    z.strictObject({ ...http, ...variables }),
    z.strictObject({ ...sse, ...variables }),
  ]);
  return definition(current ? '#/definitions/RemoteTransport/allOf/0' : `${base}/properties/remotes/items`, choice);
}

/** A package that runs the server. */
export function packageOf(version: SchemaVersion, inputsOf: Inputs): z.ZodType {
  const packageVersion = text(atLeast(1), notLatest);
  return object(
    '#/definitions/Package',
    properties(version, '#/definitions/Package', {
      registryType: text(),
      registryBaseUrl: text(uri).optional(),
      identifier: text(),
      version: version >= '2025-10-11' ? packageVersion.optional() : packageVersion,
      fileSha256: text(matching(/^[a-f0-9]{64}$/, '64 hexadecimal digits in lower case')).optional(),
      runtimeHint: text().optional(),
      transport: localTransport(version, inputsOf),
      runtimeArguments: list(argument(version, inputsOf)),
      packageArguments: list(argument(version, inputsOf)),
      environmentVariables: list(inputsOf.keyValue),
    }),
  );
}

function repository(version: SchemaVersion): z.ZodType {
  return object(
    '#/definitions/Repository',
    properties(version, '#/definitions/Repository', {
      url: text(uri),
      source: text(),
      id: text().optional(),
      subfolder: text().optional(),
    }),
  );
}

function icon(version: SchemaVersion): z.ZodType {
  return object(
    '#/definitions/Icon',
    properties(version, '#/definitions/Icon', {
      src: text(uri, atMost(255)),
      mimeType: oneOf('image/png', 'image/jpeg', 'image/jpg', 'image/svg+xml', 'image/webp').optional(),
      sizes: list(text(matching(/^(\d+x\d+|any)$/, 'a size, 48x48, or any'))),
      theme: oneOf('light', 'dark').optional(),
    }),
  );
}

/** What every document says of its server. */
export function serverProperties(version: SchemaVersion): Record<string, z.ZodType> {
  const serverName = matching(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/, 'a namespace, a slash and a name');
  const newer = version >= '2025-10-11';
  return properties(version, newer ? '#/definitions/ServerDetail' : '#/definitions/Server', {
    name: text(atLeast(3), atMost(200), serverName),
    description: text(atLeast(1), atMost(100)),
    version: text(atMost(255)),
    websiteUrl: text(uri).optional(),
    repository: repository(version).optional(),
    ...(newer && { title: text(atLeast(1), atMost(100)).optional(), icons: list(icon(version)) }),
    ...(version < '2025-09-29' && { status: oneOf('active', 'deprecated', 'deleted').optional() }),
  });
}

/** What the registry and the publisher say of a document. */
export function metaOf(version: SchemaVersion, pointer: string): z.ZodType {
  const official = version < '2025-09-29' && { 'io.modelcontextprotocol.registry/official': anyObject() };
  const parts = properties(version, `${pointer}/properties/_meta`, {
    'io.modelcontextprotocol.registry/publisher-provided': anyObject(),
    ...official,
  });
  return z.looseObject(parts).optional();
}

/** `$schema` itself. */
export const schemaField = () => text(uri).optional();
