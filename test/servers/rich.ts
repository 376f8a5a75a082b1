/** A server.json that uses everything that the schema of December 2025 knows. */
export const richServer = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
  name: 'io.github.Alice/Weather',
  title: 'Weather',
  description: 'Forecasts for everywhere',
  version: '2.0.0-rc.1+build.7',
  websiteUrl: 'https://weather.example/docs',
  repository: {
    url: 'https://github.com/Alice/Weather',
    source: 'github',
    id: 'b94b5f7e-c7c6-d760-2c78-a5e9b8a5b8c9',
    subfolder: 'src/server',
  },
  icons: [
    { src: 'https://weather.example/icon.png', mimeType: 'image/png', sizes: ['48x48', '96x96'], theme: 'light' },
    { src: 'https://weather.example/icon.svg' },
  ],
  packages: [
    {
      registryType: 'npm',
      registryBaseUrl: 'https://packages.example',
      identifier: '@alice/weather',
      version: '2.0.0',
      runtimeHint: 'npx',
      transport: { type: 'stdio' },
      runtimeArguments: [{ type: 'named', name: '--yes', isRequired: true, isRepeated: true }],
      packageArguments: [
        {
          type: 'positional',
          name: 'city',
          valueHint: 'city_name',
          default: 'Berlin',
          placeholder: 'Oslo',
          format: 'string',
        },
        {
          type: 'named',
          name: '--mount',
          description: 'A directory to mount',
          value: 'type=bind,src={source}',
          variables: { source: { description: 'Where', format: 'filepath', isRequired: true, isSecret: false } },
        },
      ],
      environmentVariables: [
        { name: 'API_KEY', description: 'The key', isRequired: true, isSecret: true, placeholder: 'sk-…' },
        { name: 'UNITS', choices: ['metric', 'imperial'], default: 'metric' },
      ],
    },
    {
      registryType: 'oci',
      identifier: 'ghcr.io/alice/weather:2.0.0',
      runtimeHint: 'docker',
      transport: {
        type: 'streamable-http',
        url: 'http://localhost:{port}/mcp',
        headers: [{ name: 'X-Trace', value: 'on' }],
        variables: { port: { default: '8080', format: 'number' } },
      },
    },
    {
      registryType: 'pypi',
      identifier: 'alice-weather',
      version: '2.0.0',
      transport: { type: 'stdio' },
      runtimeHint: 'uvx',
    },
    {
      registryType: 'nuget',
      identifier: 'Alice.Weather',
      version: '2.0.0',
      transport: { type: 'stdio' },
      runtimeHint: 'dnx',
    },
    {
      registryType: 'mcpb',
      identifier: 'https://github.com/Alice/Weather/releases/download/v2/weather.mcpb',
      fileSha256: 'fe333e598595000ae021bd27117db32ec69af6987f507ba7a63c90638ff633ce',
      transport: { type: 'stdio' },
    },
    {
      registryType: 'cargo',
      identifier: 'alice-weather',
      version: '2.0.0',
      transport: { type: 'sse', url: 'http://localhost:1' },
    },
  ],
  remotes: [
    {
      type: 'streamable-http',
      url: 'https://{region}.weather.example/mcp',
      headers: [
        {
          name: 'Authorization',
          description: 'A token',
          value: 'Bearer {token}',
          isRequired: true,
          isSecret: true,
          variables: { token: { isRequired: true, isSecret: true } },
        },
      ],
      variables: { region: { description: 'Where', choices: ['eu', 'us'], default: 'eu' } },
    },
    { type: 'sse', url: 'https://weather.example/sse' },
  ],
  _meta: {
    'io.modelcontextprotocol.registry/publisher-provided': {
      tool: 'ci',
      build: { number: 7, tags: ['a', null, true] },
    },
    'com.example/other': { kept: true },
  },
};

const input = 'description isRequired format value isSecret default placeholder choices';
const variables = `variables { name ${input} variables { name ${input} } }`;
const argument = `__typename ${input} isRepeated valueHint ... on NamedArgument { flag: name } ... on PositionalArgument { name } ${variables}`;
const transport = `{ type url headers { name ${input} ${variables} } ${variables} }`;

/** Every field of a version but those that lead to other objects. */
export const everyVersionField = `
  id name version title description websiteUrl schemaUrl
  repository { url source id subfolder }
  icons { src mimeType sizes theme }
  packages {
    registryType registryBaseUrl identifier version fileSha256 runtimeHint
    transport ${transport}
    runtimeArguments { ${argument} }
    packageArguments { ${argument} }
    environmentVariables { name ${input} ${variables} }
  }
  remotes ${transport}
  status statusMessage statusChangedAt isLatest publishedAt updatedAt publisher { method subject }
  document digest revision publisherMetadata`;

/** Every field of a server but the lists of its versions. */
export const everyServerField = `
  id name title description websiteUrl
  repository { url source id subfolder }
  icons { src mimeType sizes theme }
  namespace { name } status createdAt updatedAt revision`;
