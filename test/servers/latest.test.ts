import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aServer, createTestApp, type TestApp, type TestRecord } from '../app.ts';
import { compareByContract } from './semver.ts';
import type { Parsed } from './walk.ts';

const part = fc.oneof(
  fc.nat({ max: 12 }).map(String),
  fc.constantFrom('9007199254740992', '9007199254740993', '1'.repeat(40)),
);
const identifier = fc.oneof(fc.nat({ max: 12 }).map(String), fc.stringMatching(/^[0-9a-cA-C-]{1,3}$/));
const prerelease = fc.option(
  fc.array(identifier, { minLength: 1, maxLength: 3 }).map((parts) => `-${parts.join('.')}`),
  { nil: '' },
);
const version = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('', 'v'), part, part, part, prerelease, fc.constantFrom('', '+b1'))
      .map((all) => all.slice(0, 4).join('.').replace('.', '') + all[4] + all[5]),
  },
  fc.constantFrom('latest', '1.0', '2025-12-11', '{{VERSION}}', '0.7.10.dev1', '01.0.0', '1.0.0-01'),
);
const dated = fc.record({
  version,
  status: fc.constantFrom('active', 'active', 'deprecated', 'deleted'),
  minute: fc.nat({ max: 59 }),
});
const versionSets = fc.sample(fc.uniqueArray(dated, { minLength: 1, maxLength: 8, selector: (one) => one.version }), {
  numRuns: 80,
  seed: 20_251_122,
});

/** Each time occurs once a server, to the microsecond, so that there is one right answer. */
const servers = versionSets.map((versions, i) => ({
  name: `com.example/server-${i}`,
  versions: versions.map((one, j) => ({
    ...one,
    publishedAt: `2025-03-01T00:${String(one.minute).padStart(2, '0')}:00.00000${j + 1}Z`,
  })),
}));

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  const records = servers.flatMap(({ name, versions }) =>
    versions.map((one): TestRecord => ({
      server: aServer(name, one.version),
      status: one.status as TestRecord['status'],
      publishedAt: one.publishedAt,
    })),
  );
  // One by one and in another order each time, as publishers would.
  for (let i = 0; i < 8; i++) await app.seed(records.filter((_, place) => (place * 5) % 8 === i));
});
afterAll(() => app?.close());

const expectedLatest = () =>
  servers.map(
    ({ versions }) =>
      versions
        .filter((one) => one.status !== 'deleted')
        .toSorted(compareByContract)
        .at(-1)?.version ?? null,
  );

async function latestOf(): Promise<(string | null)[]> {
  const fields = servers.map(
    ({ name }, i) => `s${i}: server(name: "${name}", includeDeleted: true) { latestVersion { version isLatest } }`,
  );
  const { data } = await app.graphql(`{ ${fields.join(' ')} }`);
  return servers.map((_, i) => data[`s${i}`].latestVersion?.version ?? null);
}

test('the latest version is the greatest by semver.org, above all that are not semantic, then by time', async () => {
  expect(servers.flatMap(({ versions }) => versions).length).toBeGreaterThan(200);
  expect(await latestOf()).toEqual(expectedLatest());
});

test('there is one latest version of each server that has one at all', async () => {
  const { data } = await app.graphql(
    '{ serverVersions(first: 100, filter: { isLatest: true }) { totalCount edges { node { name } } } }',
  );
  const names = data.serverVersions.edges.map((edge: Parsed) => edge.node.name);
  expect(new Set(names).size).toBe(names.length);
  expect(data.serverVersions.totalCount).toBe(expectedLatest().filter((latest) => latest !== null).length);
});

test('it follows when versions are deleted and brought back', async () => {
  const flip = (status: 'active' | 'deleted') =>
    app.seed(
      servers.flatMap(({ name, versions }, i) => {
        const latest = expectedLatest()[i];
        const one = versions.find(({ version }) => version === latest);
        return one ? [{ server: aServer(name, one.version), status, publishedAt: one.publishedAt }] : [];
      }),
    );
  const before = expectedLatest();
  await flip('deleted');
  const changed = servers.map(
    ({ versions }, i) =>
      versions
        .filter((one) => one.status !== 'deleted' && one.version !== before[i])
        .toSorted(compareByContract)
        .at(-1)?.version ?? null,
  );
  expect(await latestOf()).toEqual(changed);
  await flip('active');
  expect(await latestOf()).toEqual(before);
});
