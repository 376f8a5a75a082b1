import { aDocument, schemaUrl } from './documents.ts';
import { describeRules, long, type Row } from './rows.ts';

const meta = (value: unknown) => aDocument({ _meta: { 'io.modelcontextprotocol.registry/publisher-provided': value } });

const schemaRows: Row[] = [
  [aDocument({ $schema: undefined }), '$schema', 'schema-field-required', '$schema field is required'],
  [aDocument({ $schema: '' }), '$schema', 'schema-field-required', '$schema field is required'],
  [
    aDocument({ $schema: 'https://example.com/a.json' }),
    '$schema',
    'schema-version-extraction-error',
    'must have the form',
  ],
  [
    aDocument({ $schema: schemaUrl('2025-12-11').replace('https', 'http') }),
    ...(['$schema', 'schema-version-extraction-error', 'must have the form'] as const),
  ],
  [
    aDocument({ $schema: schemaUrl('2025-01-01') }),
    '$schema',
    'schema-version-not-available',
    '2025-01-01 is not known',
  ],
  [aDocument({ $schema: schemaUrl('draft') }), '$schema', 'schema-version-not-available', 'draft is not known'],
];

const serverRows: Row[] = [
  [aDocument({ name: undefined }), 'name', 'invalid-server-name', 'server name is required and must be a string'],
  [aDocument({ name: 5 }), 'name', 'invalid-server-name', 'server name is required and must be a string'],
  [
    aDocument({ name: 'weather' }),
    'name',
    'invalid-server-name',
    "in format 'dns-namespace/name' (e.g., 'com.example.api/server')",
  ],
  [
    aDocument({ name: 'com.example/a/b' }),
    'name',
    'invalid-server-name',
    'server name cannot contain multiple slashes',
  ],
  [aDocument({ name: '/weather' }), 'name', 'invalid-server-name', 'with non-empty namespace and name parts'],
  [aDocument({ name: 'com.example/' }), 'name', 'invalid-server-name', 'with non-empty namespace and name parts'],
  [
    aDocument({ name: '-com.example/ab' }),
    ...([
      'name',
      'invalid-server-name',
      "namespace '-com.example' is invalid. Namespace must start and end with",
    ] as const),
  ],
  [aDocument({ name: 'com.example/a' }), 'name', 'invalid-server-name', "name 'a' is invalid. Name must start and end"],
  [aDocument({ name: 'example/weather' }), 'name', 'invalid-server-name', '"example" has no dot'],
  [aDocument({ name: 'com..example/weather' }), 'name', 'invalid-server-name', 'Between its dots'],
  [aDocument({ name: 'соm.example/weather' }), 'name', 'invalid-server-name', "namespace 'соm.example' is invalid"],
  [
    aDocument({ version: 'latest' }),
    'version',
    'reserved-version-string',
    "version string 'latest' is reserved and cannot be used",
  ],
  [aDocument({ version: '  ' }), 'version', 'version-blank', 'version must not be blank'],
  [aDocument({ version: '1'.repeat(256) }), 'version', 'version-too-long', 'at most 255 characters'],
  [
    aDocument({ title: 'x'.repeat(101), $schema: schemaUrl('2025-09-29') }),
    'title',
    'title-too-long',
    'at most 100 characters',
  ],
  [aDocument({ title: ' \t' }), 'title', 'title-whitespace-only', 'title cannot be only whitespace'],
  [
    meta({ text: 'x'.repeat(4_086) }),
    '_meta["io.modelcontextprotocol.registry/publisher-provided"]',
    'publisher-metadata-too-large',
    'extension exceeds 4KB limit (4097 bytes)',
  ],
];

const ranges = [
  '^1.2.3',
  '~1.2',
  '>=1.0.0',
  '<=1',
  '> 1.2.3',
  '<2',
  '=1.0.0',
  '1.2.3 - 2.0.0',
  '1.2 || 1.3',
  '1.x',
  '1.2.*',
  '1.X',
  '*.1',
  'x.1.2',
];
const rangeRows = ranges.map((version): Row => {
  const message = `version must be a specific version, not a range: "${version}"`;
  return [aDocument({ version }), 'version', 'version-looks-like-range', message];
});

const repository = (url: string, source = 'github', more = {}) => aDocument({ repository: { url, source, ...more } });
const repositoryRows: Row[] = [
  ['https://example.com/a/b', 'github'],
  ['https://github.com/a', 'github'],
  ['https://github.com/a/b/c', 'github'],
  ['https://gitlab.com/a/b', 'github'],
  ['https://github.com/a/b', 'codeberg'],
  ['https://evil.com/github.com/a/b', 'github'],
].map(([url = '', source]) => [
  repository(url, source),
  'repository.url',
  'invalid-repository-url',
  `invalid repository URL: ${url}`,
]);
const subfolderRows = ['/a', 'a/', 'a//b', './a', 'a/../b', 'a b', 'a\\b', 'ä'].map((subfolder): Row => {
  const document = repository('https://github.com/a/b', 'github', { subfolder });
  return [document, 'repository.subfolder', 'invalid-subfolder-path', `invalid subfolder path: ${subfolder}`];
});

const icon = (src: string) => aDocument({ icons: [{ src: 'https://example.com/a.png' }, { src }] });
const addressRows: Row[] = [
  [
    aDocument({ websiteUrl: 'example.com' }),
    'websiteUrl',
    'website-url-must-be-absolute',
    'websiteUrl must be absolute',
  ],
  [
    aDocument({ websiteUrl: 'http://a.example' }),
    'websiteUrl',
    'website-url-invalid-scheme',
    'websiteUrl must use https scheme: http://a.example',
  ],
  [aDocument({ websiteUrl: 'javascript:alert(1)' }), 'websiteUrl', 'website-url-invalid-scheme', 'must use https'],
  [aDocument({ websiteUrl: 'https://' }), 'websiteUrl', 'invalid-website-url', 'it is no URL with a host'],
  [aDocument({ websiteUrl: 'https:a.example' }), 'websiteUrl', 'invalid-website-url', 'it is no URL with a host'],
  [
    aDocument({ websiteUrl: 'https://a:b@c.example' }),
    'websiteUrl',
    'invalid-website-url',
    'it has a user name or password',
  ],
  [
    aDocument({ websiteUrl: 'https://a@c.example' }),
    'websiteUrl',
    'invalid-website-url',
    'it has a user name or password',
  ],
  ...[...'"\'<>`\\ \t\n\u0085\u2028'].map((sign): Row => [
    aDocument({ websiteUrl: `https://a.example/${sign}x` }),
    ...(['websiteUrl', 'invalid-website-url', 'encode them'] as const),
  ]),
  [aDocument({ websiteUrl: long }), 'websiteUrl', 'url-too-long', 'a URL must have at most 2048 characters'],
  [{ ...aDocument(), website_url: 'https://a.example/"x' }, 'website_url', 'invalid-website-url', 'encode them'],
  [icon('a.png'), 'icons[1].src', 'icon-src-not-absolute', 'icon src must be absolute (include scheme): a.png'],
  [icon('data:image/png,a'), 'icons[1].src', 'icon-src-invalid-scheme', 'icon src must use https scheme'],
  [icon('https://a.example/">'), 'icons[1].src', 'icon-src-invalid-url', 'encode them'],
];

describeRules({
  $schema: schemaRows,
  'the server': serverRows,
  'ranges of versions': rangeRows,
  'the repository': [...repositoryRows, ...subfolderRows],
  addresses: addressRows,
});
