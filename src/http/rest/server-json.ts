import { z } from 'zod';

// Documents are answered as they were published, and older ones are not all sound: so nothing beyond types is promised.
const text = (description: string) => z.string().optional().meta({ description });
const flag = (description: string) => z.boolean().optional().meta({ description });

const Input = z
  .looseObject({
    name: text('The name of the variable, header or flag.'),
    description: text('What it is for.'),
    isRequired: flag('Whether it must be given.'),
    format: text('`string`, `number`, `boolean` or `filepath`; all values are strings.'),
    value: text('A fixed value; `{name}` in it stands for a variable.'),
    isSecret: flag('Whether it must be kept secret.'),
    default: text('What it is when not given.'),
    placeholder: text('An example to show.'),
    choices: z.array(z.string()).optional().meta({ description: 'The values to choose from.' }),
    get variables() {
      return z.record(z.string(), Input).optional().meta({ description: 'What stands in braces in `value`.' });
    },
  })
  .meta({ id: 'Input', description: 'A value that the user or the client supplies.' });

const Argument = z
  .looseObject({
    ...Input.shape,
    type: text('`named` or `positional`.'),
    valueHint: text('What stands for the value in help texts.'),
    isRepeated: flag('Whether it may be given more than once.'),
  })
  .meta({ id: 'Argument', description: 'A command line argument.' });

const Transport = z
  .looseObject({
    type: text('`stdio`, `streamable-http` or `sse`.'),
    url: text('Where it answers.'),
    headers: z.array(Input).optional().meta({ description: 'HTTP headers to send.' }),
    variables: z.record(z.string(), Input).optional().meta({ description: 'What stands in braces in `url`.' }),
  })
  .meta({ id: 'Transport', description: 'How a client talks to the server.' });

const Package = z
  .looseObject({
    registryType: text('`npm`, `pypi`, `oci`, `nuget`, `mcpb`, `cargo`…'),
    registryBaseUrl: text('The package registry, where it is not the usual one.'),
    identifier: text('Its name there, or its URL.'),
    version: text('Its version.'),
    fileSha256: text('The SHA-256 of the file, hex.'),
    runtimeHint: text('What runs it: `npx`, `uvx`, `docker`, `dnx`…'),
    transport: Transport.optional(),
    runtimeArguments: z.array(Argument).optional(),
    packageArguments: z.array(Argument).optional(),
    environmentVariables: z.array(Input).optional(),
  })
  .meta({ id: 'Package', description: 'A package that runs the server.' });

const Repository = z
  .looseObject({
    url: text('Where it is.'),
    source: text('`github`, `gitlab`…'),
    id: text('Its id there.'),
    subfolder: text('Where in it.'),
  })
  .meta({ id: 'Repository', description: 'Where the source code is.' });

const Icon = z
  .looseObject({
    src: text('Its URL.'),
    mimeType: text('Its media type.'),
    sizes: z.array(z.string()).optional(),
    theme: text('`light` or `dark`.'),
  })
  .meta({ id: 'Icon', description: 'An icon to show.' });

/** server.json as it was published, field for field and in its order. */
export const ServerJson = z
  .looseObject({
    $schema: text('The schema that it was written for.'),
    name: z.string().meta({ description: 'The unique name: a reversed domain, a slash, a name.' }),
    description: z.string().meta({ description: 'What the server does.' }),
    version: z.string().meta({ description: 'The version, semantic where possible.' }),
    title: text('The name to show.'),
    websiteUrl: text('The home page.'),
    repository: Repository.optional(),
    icons: z.array(Icon).optional(),
    packages: z.array(Package).optional().meta({ description: 'Packages that run the server.' }),
    remotes: z.array(Transport).optional().meta({ description: 'Addresses where it runs already.' }),
    _meta: z.looseObject({}).optional().meta({ description: "The publisher's own facts." }),
  })
  .meta({
    id: 'ServerJson',
    description: 'server.json, byte for byte as it was published.',
    examples: [
      {
        $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
        name: 'com.example/weather',
        title: 'Weather',
        description: 'Forecasts for any place',
        version: '1.2.0',
        packages: [
          { registryType: 'npm', identifier: '@example/weather', version: '1.2.0', transport: { type: 'stdio' } },
        ],
      },
    ],
  });
