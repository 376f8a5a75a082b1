import { expect, test } from 'vitest';
import { aDocument, issuesOf, withPackage, withRemote, withTransport } from './documents.ts';

const meta = (value: unknown) => aDocument({ _meta: { 'io.modelcontextprotocol.registry/publisher-provided': value } });
const repository = (url: string, source = 'github', more = {}) => aDocument({ repository: { url, source, ...more } });
const many = (length: number) => Array.from({ length }, () => ({ src: 'https://example.com/a.png' }));

const sound = [
  aDocument(),
  aDocument({ version: '1.2.3-x.7.z.92', title: 'Weather', websiteUrl: 'https://example.com/a?b=c#d' }),
  ...['2025.06.18', 'v1', 'x', '1.0', '*', '1-x', 'auto', '1.0.0+build', '1.0.0-next.1'].map((version) =>
    aDocument({ version }),
  ),
  repository('https://github.com/a/b/', 'github', { subfolder: 'src/a.b/c-d_e' }),
  repository('https://www.gitlab.com/group/sub/repo', 'gitlab'),
  meta({ text: 'x'.repeat(4_085) }),
  withTransport('http://localhost:{PORT}/{dir}?a={--b}', {
    environmentVariables: [{ name: 'PORT' }],
    runtimeArguments: [{ type: 'positional', valueHint: 'dir' }],
    packageArguments: [{ type: 'named', name: '--b', value: 'c' }],
  }),
  withRemote('https://{constructor}.a.example:{port}/', { variables: { constructor: {}, port: { default: '1' } } }),
  withRemote('https://10.0.0.1/mcp'),
  aDocument({ icons: many(100) }),
];

test.each(sound.map((document) => [JSON.stringify(document).slice(0, 300), document]))(
  '%s is sound',
  (_text, document) => {
    expect(issuesOf(document)).toEqual([]);
  },
);

test('everything is told at once', () => {
  const document = {
    ...withPackage({ identifier: 'a b', version: 'latest', transport: { type: 'stdio', url: 'x' }, typo: 1 }),
    ...{
      name: 'weather',
      version: '^1',
      websiteUrl: 'ftp://a.example',
      remotes: [{ type: 'stdio' }, { type: 'sse', url: 'http://a' }],
    },
  };
  const found = issuesOf(document).map(({ path, reference, severity }) => `${severity} ${path} ${reference}`);
  expect(found).toEqual([
    'error name #/definitions/ServerDetail/properties/name/pattern',
    'error packages[0].version #/definitions/Package/properties/version/not',
    'error remotes[0].type #/definitions/RemoteTransport/allOf/0/anyOf',
    'error name invalid-server-name',
    'error version version-looks-like-range',
    'error websiteUrl website-url-invalid-scheme',
    'error packages[0].identifier package-name-has-spaces',
    'error packages[0].version reserved-version-string',
    'error packages[0].transport.url stdio-transport-url-not-empty',
    'error remotes[0].type unsupported-remote-transport-type',
    'error remotes[1].url invalid-remote-url',
    'warning packages[0].typo unknown-property',
  ]);
});

test('a report has a hundred issues at most, errors first, and says how many more there are', () => {
  const slips = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`slip${i}`, 1]));
  const issues = issuesOf({ ...aDocument({ icons: Array(99).fill(5) }), ...slips });
  expect(issues).toHaveLength(101);
  expect(issues.filter(({ severity }) => severity === 'error')).toHaveLength(99);
  expect(issues.at(-1)).toMatchObject({ severity: 'info', message: expect.stringMatching(/^499 more/) as string });
});
