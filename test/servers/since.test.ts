import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ALLOWANCE_SECONDS } from '../../src/servers/since.ts';
import { aServer, createTestApp, type TestApp, type TestRecord } from '../app.ts';
import type { Parsed } from './walk.ts';
import { microseconds } from './semver.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app?.close());
beforeEach(async () => {
  await app.app.db.sql('TRUNCATE namespaces, servers, versions, packages, changes CASCADE');
});

const long = '2020-01-01T00:00:00Z';
const longAgo = { publishedAt: long, updatedAt: long };
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

/** Makes what changed so far have changed so many seconds ago. */
const age = (seconds: number) =>
  app.app.db.sql('UPDATE changes SET changed_at = now() - make_interval(secs => $1)', [seconds]);

/** What a follower is sent who asks for what changed since a time: at REST, and as servers and versions at GraphQL. */
async function sent(since: string): Promise<{ rest: string[]; versions: string[]; servers: string[] }> {
  const response = await app.rest(`/v0.1/servers?limit=100&updated_since=${since}`);
  const { servers } = (await response.json()) as Parsed;
  const { data } = await app.graphql(
    `query ($filter: VersionFilter, $servers: ServerFilter) {
      serverVersions(first: 100, filter: $filter) { totalCount edges { node { name version } } }
      servers(first: 100, filter: $servers) { totalCount edges { node { name } } } }`,
    { filter: { updatedSince: since }, servers: { updatedSince: since } },
  );
  const nodes = ({ totalCount, edges }: Parsed) => {
    expect(totalCount).toBe(edges.length);
    return edges.map((edge: Parsed) => edge.node);
  };
  return {
    rest: servers.map(({ server }: Parsed) => `${server.name}@${server.version}`),
    versions: nodes(data.serverVersions).map((node: Parsed) => `${node.name}@${node.version}`),
    servers: nodes(data.servers).map((node: Parsed) => node.name),
  };
}

const everywhere = (versions: string[]) => ({
  rest: versions,
  versions,
  servers: [...new Set(versions.map((one) => one.split('@')[0]))],
});

describe('whoever asks for what changed since they last asked is sent', () => {
  test('what was imported since, however old it calls itself', async () => {
    await app.seed([{ server: aServer('com.example/early'), ...longAgo }]);
    await age(1_000);
    await app.seed([{ server: aServer('com.example/late'), ...longAgo }]);
    expect(await sent(secondsAgo(500))).toEqual(everywhere(['com.example/late@1.0.0']));
  });

  test('a version that is the latest no more, with the one that is now', async () => {
    const at = (version: string): TestRecord => ({ server: aServer('com.example/tool', version), ...longAgo });
    await app.seed([at('1.0.0'), at('1.5.0'), { server: aServer('com.example/other'), ...longAgo }]);
    await age(1_000);
    await app.seed([at('2.0.0')]);
    const now = everywhere(['com.example/tool@1.5.0', 'com.example/tool@2.0.0']);
    expect(await sent(secondsAgo(500))).toEqual(now);
    const response = await app.rest(`/v0.1/servers?updated_since=${secondsAgo(500)}`);
    const { servers } = (await response.json()) as Parsed;
    expect(servers.map(({ _meta }: Parsed) => Object.values<Parsed>(_meta)[0].isLatest)).toEqual([false, true]);
  });

  test('edits and changes of status, of deleted ones too', async () => {
    const named = (name: string) => ({ server: aServer(`com.example/${name}`), ...longAgo });
    await app.seed(['edited', 'deleted', 'same'].map(named));
    await age(1_000);
    await app.seed([
      { ...named('edited'), server: aServer('com.example/edited', '1.0.0', { description: 'New' }) },
      { ...named('deleted'), status: 'deleted' },
      named('same'),
    ]);
    expect(await sent(secondsAgo(500))).toEqual(everywhere(['com.example/deleted@1.0.0', 'com.example/edited@1.0.0']));
  });

  test('what its own registry says was updated later, as the official registry would send it', async () => {
    const [a, b] = ['com.example/a', 'com.example/b'].map((name) => aServer(name));
    await app.seed([
      { server: a!, updatedAt: '2025-01-01T00:00:00Z', publishedAt: long },
      { server: b!, updatedAt: '2025-03-01T00:00:00.000001Z', publishedAt: long },
    ]);
    await app.app.db.sql("UPDATE changes SET changed_at = '2020-01-01'");
    expect(await sent('2025-03-01T00:00:00Z')).toEqual(everywhere(['com.example/b@1.0.0']));
    expect(await sent('2025-03-01T00:00:00.000001Z')).toEqual(everywhere([]));
  });

  test('a little that they have already, and no more', async () => {
    await app.seed([{ server: aServer('com.example/tool'), ...longAgo }]);
    await age(1_000);
    expect(await sent(secondsAgo(1_000 - ALLOWANCE_SECONDS + 20))).toEqual(everywhere(['com.example/tool@1.0.0']));
    expect(await sent(secondsAgo(1_000 - ALLOWANCE_SECONDS - 20))).toEqual(everywhere([]));
  });

  test('the same where the log is long: by the revision of each row', async () => {
    await app.seed(['a', 'b', 'c'].map((name) => ({ server: aServer(`com.example/${name}`), ...longAgo })));
    await age(1_000);
    await app.seed([{ server: aServer('com.example/a', '2.0.0'), ...longAgo }]);
    await app.app.db.sql(`INSERT INTO changes (revision, version_id, kind, changed_at)
      SELECT (SELECT n FROM revision) + i, v.id, 'edited', clock_timestamp() FROM versions v, generate_series(1, 6000) i
      WHERE v.name_key = 'com.example/c'`);
    await app.app.db.sql('UPDATE revision SET n = n + 6000');
    await app.app.db.sql(`UPDATE versions SET revision = (SELECT n FROM revision) WHERE name_key = 'com.example/c'`);
    await app.app.db.sql(`UPDATE servers SET revision = (SELECT n FROM revision) WHERE name_key = 'com.example/c'`);
    const changed = ['com.example/a@1.0.0', 'com.example/a@2.0.0', 'com.example/c@1.0.0'];
    expect(await sent(secondsAgo(500))).toEqual(everywhere(changed));
    expect((await sent(long)).rest).toHaveLength(4);
  });

  test.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])('nothing that can not be said of %s', async (time) => {
    await app.seed([{ server: aServer('com.example/tool'), ...longAgo }]);
    expect((await sent(time)).rest).toHaveLength(time.startsWith('0') ? 1 : 0);
  });
});

describe('the times of changes', () => {
  const times = async () =>
    (await app.app.db.sql<{ at: string }>('SELECT changed_at AS at FROM changes ORDER BY revision')).map(
      ({ at }) => at,
    );

  test('follow the revisions, also when the clock is turned back', async () => {
    await app.seed([{ server: aServer('com.example/a') }]);
    await app.app.db.sql("UPDATE revision SET at = now() + interval '1 hour'");
    await app.seed([{ server: aServer('com.example/b') }]);
    await app.seed([{ server: aServer('com.example/c') }]);
    const [first, second, third] = await times();
    expect(Date.parse(second!) - Date.parse(first!)).toBeGreaterThan(3_500_000);
    // By numbers: a text with fewer decimals sorts behind one with more.
    expect(microseconds(third!)).toBeGreaterThan(microseconds(second!));
    await app.app.db.sql('UPDATE revision SET at = now()');
  });

  test('are when what was published here was updated, a flip of latest too; of imports their registry says', async () => {
    await app.seed([
      { server: aServer('com.example/ours'), ...longAgo },
      { server: aServer('com.example/theirs'), ...longAgo },
    ]);
    await app.app.db.sql("UPDATE versions SET source = NULL WHERE name_key = 'com.example/ours'");
    await app.seed([
      { server: aServer('com.example/ours', '2.0.0'), ...longAgo },
      { server: aServer('com.example/theirs', '2.0.0'), ...longAgo },
    ]);
    const { data } = await app.graphql(`{ changes { changes { kind changedAt version { name version updatedAt } } }
      ours: server(name: "com.example/ours") { updatedAt } theirs: server(name: "com.example/theirs") { updatedAt } }`);
    const flips = data.changes.changes.filter(({ kind }: Parsed) => kind === 'LATEST_CHANGED');
    const shown = flips.map(({ version }: Parsed) => [version.name, version.version, version.updatedAt]);
    const { changedAt } = flips[0];
    expect(shown.toSorted()).toEqual([
      ['com.example/ours', '1.0.0', changedAt],
      ['com.example/theirs', '1.0.0', long],
    ]);
    expect([data.ours.updatedAt, data.theirs.updatedAt]).toEqual([changedAt, long]);
  });
});
