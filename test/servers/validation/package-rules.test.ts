import { aDocument, withArgument, withPackage, withRemote, withTransport } from './documents.ts';
import { describeRules, long, type Row } from './rows.ts';

const named = (more: object) => withArgument({ type: 'named', name: '--port', ...more });
const packageRows: Row[] = [
  [
    withPackage({ registryType: 'docker' }),
    'packages[0].registryType',
    'unsupported-registry-type',
    'unsupported registry type: docker',
  ],
  [
    withPackage({ registryType: 'NPM' }),
    'packages[0].registryType',
    'unsupported-registry-type',
    'unsupported registry type: NPM',
  ],
  [
    withPackage({ registryType: '' }),
    'packages[0].registryType',
    'unsupported-registry-type',
    'npm, pypi, oci, nuget, mcpb, cargo',
  ],
  [
    withPackage({ identifier: 'a b' }),
    'packages[0].identifier',
    'package-name-has-spaces',
    'package name cannot contain spaces',
  ],
  [withPackage({ identifier: '' }), 'packages[0].identifier', 'package-name-required', 'must not be empty'],
  [
    withPackage({ identifier: 'x'.repeat(513) }),
    'packages[0].identifier',
    'package-name-too-long',
    'at most 512 characters',
  ],
  [withPackage({ version: 'latest' }), 'packages[0].version', 'reserved-version-string', 'is reserved'],
  [withPackage({ version: '^1' }), 'packages[0].version', 'version-looks-like-range', 'not a range: "^1"'],
  [
    withPackage({ registryBaseUrl: 'javascript:alert(1)' }),
    'packages[0].registryBaseUrl',
    'invalid-registry-base-url',
    'must use https',
  ],
  [
    named({ name: '' }),
    'packages[0].packageArguments[0].name',
    'named-argument-name-required',
    'named argument name is required',
  ],
  ...['--port <port>', '--port 8080', '$PORT'].map((name): Row => [
    named({ name }),
    ...([
      'packages[0].packageArguments[0].name',
      'invalid-named-argument-name',
      `invalid named argument name format: ${name}`,
    ] as const),
  ]),
  [
    named({ value: '--port 80' }),
    'packages[0].packageArguments[0].value',
    'argument-value-starts-with-name',
    "value starts with argument name '--port': --port 80",
  ],
  [
    named({ default: '--port' }),
    'packages[0].packageArguments[0].default',
    'argument-default-starts-with-name',
    "default starts with argument name '--port': --port",
  ],
];

const transportRows: Row[] = [
  [
    withPackage({ transport: { type: 'stdio', url: 'https://a.example' } }),
    'packages[0].transport.url',
    'stdio-transport-url-not-empty',
    'url must be empty for stdio transport type, got: "https://a.example"',
  ],
  [
    withTransport(''),
    'packages[0].transport.url',
    'streamable-transport-url-required',
    'url is required for streamable-http transport type',
  ],
  [
    withTransport(undefined),
    'packages[0].transport.url',
    'streamable-transport-url-required',
    'url is required for streamable-http transport type',
  ],
  [
    withPackage({ transport: { type: 'websocket' } }),
    'packages[0].transport.type',
    'unsupported-transport-type',
    'unsupported transport type: websocket',
  ],
  [withTransport('ftp://a.example'), 'packages[0].transport.url', 'invalid-templated-url', 'it is no URL with a host'],
  [
    withTransport('http://localhost:{port}/'),
    'packages[0].transport.url',
    'invalid-templated-url',
    'template variables in URL http://localhost:{port}/ reference undefined variables. Available variables: []',
  ],
  [
    withTransport('http://localhost:{port}/', {
      environmentVariables: [{ name: 'PORT' }],
      packageArguments: [{ type: 'positional', valueHint: 'dir' }],
    }),
    ...(['packages[0].transport.url', 'invalid-templated-url', 'Available variables: [PORT dir]'] as const),
  ],
  [
    withTransport('http://localhost/{constructor}'),
    'packages[0].transport.url',
    'invalid-templated-url',
    'undefined variables',
  ],
  [
    withRemote(''),
    'remotes[0].url',
    'remote-transport-url-required',
    'url is required for streamable-http transport type',
  ],
  [withRemote(undefined), 'remotes[0].url', 'remote-transport-url-required', 'url is required'],
  [
    aDocument({ remotes: [{ type: 'stdio' }] }),
    'remotes[0].type',
    'unsupported-remote-transport-type',
    'unsupported transport type for remotes: stdio (only streamable-http and sse are supported)',
  ],
  [
    withRemote('http://a.example/'),
    'remotes[0].url',
    'invalid-remote-url',
    'it must use https scheme: http://a.example/',
  ],
  [withRemote('https://a.example/"onload'), 'remotes[0].url', 'invalid-remote-url', 'encode them'],
  [withRemote('https://a:b@c.example/'), 'remotes[0].url', 'invalid-remote-url', 'user name'],
  ...['localhost', 'LOCALHOST:8080', 'localhost.', 'a.localhost', '127.0.0.1', '127.1', '0x7f000001', '[::1]'].map(
    (host): Row => [
      withRemote(`https://${host}/mcp`),
      ...(['remotes[0].url', 'invalid-remote-url', "it is the reader's own machine"] as const),
    ],
  ),
  [
    withRemote('https://{tenant}.a.example/'),
    'remotes[0].url',
    'invalid-templated-url',
    'reference undefined variables. Available variables: []',
  ],
  [
    withRemote('https://{a}.example/{b}', { variables: { a: {}, c: {} } }),
    'remotes[0].url',
    'invalid-templated-url',
    'Available variables: [a c]',
  ],
  [withRemote(long), 'remotes[0].url', 'url-too-long', 'at most 2048 characters'],
];

const many = (length: number) => Array.from({ length }, () => ({ src: 'https://example.com/a.png' }));
const limitRows: Row[] = [
  [aDocument({ icons: many(101) }), 'icons', 'list-too-long', 'at most 100 entries may stand here, not 101'],
  [
    withPackage({ environmentVariables: Array.from({ length: 251 }, () => ({ name: 'A' })) }),
    'packages[0].environmentVariables',
    'list-too-long',
    'at most 250 entries may stand here, not 251',
  ],
  [
    withPackage({ environmentVariables: [{ name: 'A', choices: Array.from({ length: 251 }, String) }] }),
    'packages[0].environmentVariables[0].choices',
    'list-too-long',
    'not 251',
  ],
  [
    withRemote('https://a.example/', {
      variables: Object.fromEntries(Array.from({ length: 251 }, (_, i) => [`v${i}`, {}])),
    }),
    'remotes[0].variables',
    'list-too-long',
    'not 251',
  ],
];

describeRules({ packages: packageRows, transports: transportRows, limits: limitRows });
