import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PackageClaim } from '../../src/packages/package.ts';
import type { FakeUpstream } from '../external/fake-upstream.ts';
import { aPackage, startUpstreams, type Upstreams, verdictOn } from './upstreams.ts';

const NAME = 'io.github.alice/foo';
const LABEL = 'io.modelcontextprotocol.server.name';
const RUNS = 120;

/** Answers that name almost the server: whatever else happens to them, they prove nothing. */
const almost = `mcp-name: ${NAME}-evil\nmcp-name: ${NAME}é mcp-name: x${NAME}`;
const digest = `sha256:${'a'.repeat(64)}`;

/** Which answer of which upstream is spoilt, and what it would be. */
const parsers: Record<string, { base: unknown; path: RegExp; of(upstreams: Upstreams): [FakeUpstream, PackageClaim] }> =
  {
    'npm version': {
      base: { name: 'foo', version: '1.0.0', mcpName: `${NAME}-evil`, dist: { integrity: 'sha512-a' } },
      path: /^/,
      of: ({ npm }) => [npm, aPackage('npm', 'foo', { version: '1.0.0' })],
    },
    'PyPI release': {
      base: {
        info: { name: 'foo', version: '1.0.0', description: almost, yanked: false },
        urls: [{ digests: { sha256: 'a'.repeat(64) } }],
      },
      path: /^/,
      of: ({ pypi }) => [pypi, aPackage('pypi', 'foo', { version: '1.0.0' })],
    },
    'NuGet index': {
      base: { version: '3.0.0', resources: [{ '@id': 'http://127.0.0.1:9/', '@type': 'PackageBaseAddress/3.0.0' }] },
      path: /index\.json$/,
      of: ({ nuget }) => [nuget, aPackage('nuget', 'foo', { version: '1.0.0' })],
    },
    'NuGet README': {
      base: almost,
      path: /readme$/,
      of: ({ nuget }) => [nuget, aPackage('nuget', 'foo', { version: '1.0.0' })],
    },
    'NuGet versions': {
      base: { versions: ['1.0.0', '2.0.0'] },
      path: /foo\/index\.json$/,
      of: ({ nuget }) => [nuget, aPackage('nuget', 'foo', { version: '1.0.0' })],
    },
    'OCI manifest': {
      base: {
        schemaVersion: 2,
        config: { digest },
        manifests: [{ digest, platform: { os: 'linux', architecture: 'amd64' }, annotations: { a: 'b' } }],
      },
      path: /\/manifests\//,
      of: ({ oci }) => [oci, aPackage('oci', 'ghcr.io/alice/foo:1')],
    },
    'OCI token': {
      base: { token: 'abc', access_token: 'abc', expires_in: 300 },
      path: /^\/token/,
      of: ({ oci }) => [oci, aPackage('oci', 'ghcr.io/alice/foo:1')],
    },
    'crates README link': {
      base: { url: 'https://static.crates.io.evil.test/readmes/foo.html' },
      path: /\/readme$/,
      of: ({ crates }) => [crates, aPackage('cargo', 'foo', { version: '1.0.0' })],
    },
    'crates version': {
      base: { version: { num: '1.0.0', created_at: '2026-01-01T00:00:00.000Z' } },
      path: /\/1\.0\.0$/,
      of: ({ crates }) => [crates, aPackage('cargo', 'foo', { version: '1.0.0' })],
    },
  };

const oddities = [
  '',
  'null',
  '[]',
  '{}',
  '"',
  '\ufeff{}',
  '1e999',
  '['.repeat(200_000),
  '{"a":'.repeat(50_000),
  `{"__proto__":{"mcpName":"${NAME}","name":"foo","version":"1.0.0"}}`,
  `{"name":"foo","version":"1.0.0","mcpName":"${NAME}","mcpName":"${NAME}-evil"}`,
];

/** The base with one of its parts replaced, or something else altogether. */
function spoilt(base: unknown): fc.Arbitrary<string | Uint8Array> {
  const part = fc.oneof(
    fc.jsonValue(),
    fc.constant(almost),
    fc.constant({ toString: 'x' }),
    fc.string({ unit: 'binary' }),
  );
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...pathsOf(base)), part).map((one) => replaced(base, ...one)) },
    fc.json(),
    fc.string(),
    fc.uint8Array({ maxLength: 500 }),
    fc.constantFrom(...oddities),
  );
}

function pathsOf(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...at, key]))];
}

function replaced(base: unknown, path: string[], part: unknown): string {
  if (path.length === 0) return JSON.stringify(part) ?? '';
  const copy = structuredClone(base);
  const parent = path.slice(0, -1).reduce((at, key) => (at as Record<string, unknown>)[key], copy);
  (parent as Record<string, unknown>)[path.at(-1)!] = part;
  return JSON.stringify(copy);
}

test.each(Object.entries(parsers))(
  '%s: whatever it says, it proves nothing and breaks nothing',
  async (_name, parser) => {
    const upstreams = await startUpstreams();
    const [fake, claim] = parser.of(upstreams);
    const seen = { refused: 0, unavailable: 0 };
    const property = fc.asyncProperty(spoilt(parser.base), async (body) => {
      fake.fail((_request, response) => void response.writeHead(200).end(body), parser.path);
      const verdict = await verdictOn(upstreams.registries({ limits: { answerMs: 5_000 } }), NAME, claim);
      if (verdict.status === 'verified') throw new Error(`verified by ${body}`);
      seen[verdict.status] += 1;
      expect(verdict.message.length).toBeLessThan(1_500);
    });
    await fc.assert(property, { numRuns: RUNS }).finally(() => upstreams.close());
    console.log(`${_name}: ${RUNS} bodies, ${JSON.stringify(seen)}`);
  },
);

test('OCI labels: whatever they are, they prove nothing and break nothing', async () => {
  const upstreams = await startUpstreams();
  const labels = fc.oneof(
    fc.jsonValue(),
    fc.record({ [LABEL]: fc.oneof(fc.jsonValue(), fc.constant(`${NAME}-evil`)) }),
  );
  const property = fc.asyncProperty(labels, async (given) => {
    upstreams.oci.push('ghcr.io/alice/foo:1', given as Record<string, string>);
    const verdict = await verdictOn(upstreams.registries(), NAME, aPackage('oci', 'ghcr.io/alice/foo:1'));
    expect(verdict.status).toMatch(/^(refused|unavailable)$/);
  });
  await fc.assert(property, { numRuns: RUNS }).finally(() => upstreams.close());
});
