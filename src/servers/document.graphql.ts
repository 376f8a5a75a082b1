import { builder } from '../builder.ts';
import type { Argument, Icon, Input, Package, Repository, Transport } from './document.ts';

export const IconRef = builder.objectRef<Icon>('Icon').implement({
  description: 'An icon that clients may show beside the server.',
  fields: (t) => ({
    src: t.exposeString('src', { description: 'The address of the image.' }),
    mimeType: t.exposeString('mimeType', {
      nullable: true,
      description: 'Its media type, where its ending does not say.',
    }),
    sizes: t.exposeStringList('sizes', { description: 'Sizes in pixels, `48x48`, or `any`.' }),
    theme: t.exposeString('theme', {
      nullable: true,
      description: '`light` or `dark`: the background that it is made for.',
    }),
  }),
});

export const RepositoryRef = builder.objectRef<Repository>('Repository').implement({
  description: 'Where the source code is.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'The address to browse and to clone.' }),
    source: t.exposeString('source', { nullable: true, description: 'The hosting service: `github`, `gitlab`.' }),
    id: t.exposeString('id', {
      nullable: true,
      description: "The repository's id at the hosting service; it survives renaming.",
    }),
    subfolder: t.exposeString('subfolder', {
      nullable: true,
      description: 'The path from the root of the repository to the server.',
    }),
  }),
});

/** The document's word for each transport beside the schema's. */
export const TransportTypeRef = builder.enumType('TransportType', {
  description: 'How a client talks to a server.',
  values: {
    STDIO: { value: 'stdio', description: 'Standard input and output of a process.' },
    STREAMABLE_HTTP: { value: 'streamable-http', description: 'Streamable HTTP.' },
    SSE: { value: 'sse', description: 'HTTP with server-sent events, the older way.' },
  } as const,
});

const argumentType = (argument: Argument) => (argument.kind === 'named' ? 'NamedArgument' : 'PositionalArgument');

const InputRef = builder.interfaceRef<Input>('Input').implement({
  description: 'A value that the user or the client supplies. All values are text.',
  resolveType: (input) => ('kind' in input ? argumentType(input as Argument) : 'KeyValueInput'),
  fields: (t) => ({
    description: t.exposeString('description', { nullable: true, description: 'What the value is for.' }),
    isRequired: t.exposeBoolean('isRequired', { description: 'Whether the server does not work without it.' }),
    format: t.exposeString('format', {
      description: '`string`, `number`, `boolean` or `filepath`; `string` when the document does not say.',
    }),
    value: t.exposeString('value', {
      nullable: true,
      description: 'The value itself, fixed; `{name}` stands for one of the variables.',
    }),
    isSecret: t.exposeBoolean('isSecret', { description: 'Whether to keep it from sight: a password, a token.' }),
    default: t.exposeString('default', { nullable: true, description: 'The value when the user gives none.' }),
    placeholder: t.exposeString('placeholder', {
      nullable: true,
      description: 'An example to show in an empty field.',
    }),
    choices: t.exposeStringList('choices', { description: 'The values to choose from; empty when any will do.' }),
    variables: t.field({
      type: [KeyValueInputRef],
      description: 'What may stand in braces in `value`.',
      resolve: (input) => input.variables,
    }),
  }),
});

const KeyValueInputRef = builder.objectRef<Input>('KeyValueInput');
KeyValueInputRef.implement({
  description: 'A named input: an environment variable, an HTTP header or a variable of a template.',
  interfaces: [InputRef],
  fields: (t) => ({
    name: t.string({ description: 'The name of the variable or header.', resolve: (input) => input.name ?? '' }),
  }),
});

const ArgumentRef = builder.interfaceRef<Argument>('Argument').implement({
  description: 'A command line argument.',
  interfaces: [InputRef],
  resolveType: argumentType,
  fields: (t) => ({
    isRepeated: t.exposeBoolean('isRepeated', { description: 'Whether it may be given several times.' }),
    valueHint: t.exposeString('valueHint', { nullable: true, description: 'A label for the value: `file_path`.' }),
  }),
});

builder.objectRef<Argument>('NamedArgument').implement({
  description: 'An argument with a flag in front: `--port 8080`.',
  interfaces: [ArgumentRef, InputRef],
  fields: (t) => ({
    name: t.string({ description: 'The flag with its dashes: `--port`.', resolve: (argument) => argument.name ?? '' }),
  }),
});

builder.objectRef<Argument>('PositionalArgument').implement({
  description: 'An argument that is told by its place.',
  interfaces: [ArgumentRef, InputRef],
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'Its name in documentation, where it has one.' }),
  }),
});

const transportFields = {
  type: 'How to talk to it; null when the document names a transport that no schema knows.',
  headers: 'HTTP headers to send.',
  variables: 'What may stand in braces in `url`.',
};

export const RemoteRef = builder.objectRef<Transport>('Remote').implement({
  description: 'A server that runs somewhere already.',
  fields: (t) => ({
    type: t.field({
      type: TransportTypeRef,
      nullable: true,
      description: transportFields.type,
      resolve: (remote) => remote.type,
    }),
    url: t.string({
      description: 'Its address; `{name}` stands for one of the variables.',
      resolve: (remote) => remote.url ?? '',
    }),
    headers: t.field({
      type: [KeyValueInputRef],
      description: transportFields.headers,
      resolve: (remote) => remote.headers,
    }),
    variables: t.field({
      type: [KeyValueInputRef],
      description: transportFields.variables,
      resolve: (remote) => remote.variables,
    }),
  }),
});

const TransportRef = builder.objectRef<Transport>('Transport').implement({
  description: 'How a client talks to the server that a package runs.',
  fields: (t) => ({
    type: t.field({
      type: TransportTypeRef,
      nullable: true,
      description: transportFields.type,
      resolve: (transport) => transport.type,
    }),
    url: t.exposeString('url', {
      nullable: true,
      description: 'The address that it listens on; none for standard input and output.',
    }),
    headers: t.field({
      type: [KeyValueInputRef],
      description: transportFields.headers,
      resolve: (transport) => transport.headers,
    }),
    variables: t.field({
      type: [KeyValueInputRef],
      description: transportFields.variables,
      resolve: (transport) => transport.variables,
    }),
  }),
});

export const PackageRef = builder.objectRef<Package>('Package').implement({
  description: 'A package that runs the server.',
  fields: (t) => ({
    registryType: t.exposeString('registryType', {
      description: 'The kind of registry: `npm`, `pypi`, `oci`, `nuget`, `mcpb`, `cargo`.',
    }),
    registryBaseUrl: t.exposeString('registryBaseUrl', {
      nullable: true,
      description: "The registry, where it is not the kind's own.",
    }),
    identifier: t.exposeString('identifier', {
      description: 'The name of the package, the reference of the image or the address of the file.',
    }),
    version: t.exposeString('version', {
      nullable: true,
      description: 'The version of the package; it may differ from that of the server.',
    }),
    fileSha256: t.exposeString('fileSha256', { nullable: true, description: 'The SHA-256 of the file, hex.' }),
    runtimeHint: t.exposeString('runtimeHint', {
      nullable: true,
      description: 'The program that runs it: `npx`, `uvx`, `docker`, `dnx`.',
    }),
    transport: t.field({
      type: TransportRef,
      description: 'How to talk to it once it runs.',
      resolve: (one) => one.transport,
    }),
    runtimeArguments: t.field({
      type: [ArgumentRef],
      description: 'Arguments for the program that runs it.',
      resolve: (one) => one.runtimeArguments,
    }),
    packageArguments: t.field({
      type: [ArgumentRef],
      description: 'Arguments for the package itself.',
      resolve: (one) => one.packageArguments,
    }),
    environmentVariables: t.field({
      type: [KeyValueInputRef],
      description: 'Environment variables to set.',
      resolve: (one) => one.environmentVariables,
    }),
  }),
});
