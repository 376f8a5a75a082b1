import { expect } from 'vitest';
import { verifyAudit } from '../src/audit/verify.ts';
import { compareByContract } from './servers/semver.ts';
import type { TestApp } from './app.ts';

/** What clients were told: each publish that was acknowledged, and each that was tried. */
export interface Ledger {
  acknowledged: { name: string; version: string; digest: string }[];
  /** `name version` */
  tried: Set<string>;
}

/** A version as the registry tells it. */
interface Told {
  name: string;
  version: string;
  status: string;
  isLatest: boolean;
  publishedAt: string;
  digest: string;
}

const keyOf = ({ name, version }: { name: string; version: string }) => `${name} ${version}`;

/** Checks what must hold after anything that was done to a registry (reliability, I1 to I10). */
export async function checkInvariants(registry: TestApp, ledger?: Ledger): Promise<void> {
  const rows = await rowsOf(registry);
  const replayed = await replay(registry);
  // I4: the feed rebuilds the state, its last word on each version being what it is now.
  expect(replayed).toEqual(rows);
  checkLatest(rows);
  await checkPostings(registry);
  await checkLists(registry, rows);
  await checkAudit(registry);
  await checkOwners(registry);
  checkAnswers(registry);
  if (ledger) await checkLedger(registry, rows, ledger);
}

const told = 'name version status isLatest publishedAt digest';

async function rowsOf({ app }: TestApp): Promise<Map<string, Told>> {
  const rows = await app.db.sql<Told>(
    `SELECT s.name, v.version, upper(v.status::text) AS status, v.is_latest AS "isLatest", v.published_at AS "publishedAt", v.digest
     FROM versions v JOIN servers s ON s.id = v.server_id ORDER BY s.name_key, v.version`,
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** Follows the feed from its beginning; I4: revisions are 1, 2, 3, … */
async function replay(registry: TestApp): Promise<Map<string, Told>> {
  const state = new Map<string, Told>();
  let after = 0;
  for (;;) {
    const { data } = await registry.graphql(
      `query ($after: Revision) { changes(after: $after) { revision hasMore changes { revision kind version { ${told} } } } }`,
      { after },
    );
    for (const { revision, version } of data.changes.changes) {
      expect(revision).toBe(after + 1);
      after = revision;
      state.set(keyOf(version), version);
    }
    if (!data.changes.hasMore) break;
  }
  const [counter] = await registry.app.db.sql<{ n: number }>('SELECT n FROM revision');
  expect(after).toBe(counter!.n);
  return new Map([...state].toSorted(byKey));
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

/** What searches are answered from is what the servers say. */
async function checkPostings({ app }: TestApp): Promise<void> {
  const differing = await app.db.sql(
    `WITH said AS (SELECT p.* FROM servers s CROSS JOIN LATERAL search_postings_of(s.id, s.search) p)
     (TABLE search_postings EXCEPT TABLE said) UNION ALL (TABLE said EXCEPT TABLE search_postings)`,
  );
  expect(differing).toEqual([]);
}

/** I3: of each server with a version that is not deleted exactly one is the latest, the greatest by the one order. */
function checkLatest(rows: Map<string, Told>): void {
  for (const versions of Map.groupBy(rows.values(), (row) => row.name).values()) {
    const live = versions.filter((one) => one.status !== 'DELETED');
    const expected = live.toSorted(compareByContract).at(-1);
    expect(versions.filter((one) => one.isLatest).map((one) => one.version)).toEqual(
      expected ? [expected.version] : [],
    );
  }
}

/** I10: a walk along a list meets each version once; REST and GraphQL tell the same of it. */
async function checkLists(registry: TestApp, rows: Map<string, Told>): Promise<void> {
  const met: string[] = [];
  let cursor = '';
  do {
    const answer = await registry.rest(
      `/v0.1/servers?limit=100&include_deleted=true&cursor=${encodeURIComponent(cursor)}`,
    );
    const { servers, metadata } = (await answer.json()) as RestList;
    for (const { server, _meta } of servers) {
      const { status, isLatest } = _meta['io.modelcontextprotocol.registry/official']!;
      const row = rows.get(keyOf(server));
      expect({ status: status.toUpperCase(), isLatest }).toEqual({ status: row?.status, isLatest: row?.isLatest });
      met.push(keyOf(server));
    }
    cursor = metadata.nextCursor ?? '';
  } while (cursor !== '');
  expect(met.toSorted()).toEqual([...rows.keys()].toSorted());
}

interface RestList {
  servers: {
    server: { name: string; version: string };
    _meta: Record<string, { status: string; isLatest: boolean }>;
  }[];
  metadata: { nextCursor?: string };
}

/** I6: the chain is whole, and each version that was published here has the one row that says so. */
async function checkAudit({ app }: TestApp): Promise<void> {
  expect((await verifyAudit(app.db.sql)).broken).toBeNull();
  const [{ missing } = { missing: -1 }] = await app.db.sql<{ missing: number }>(
    `SELECT count(*) AS missing FROM versions v JOIN servers s ON s.id = v.server_id WHERE v.source IS NULL AND 1 <>
       (SELECT count(*) FROM audit WHERE action = 'publish' AND outcome = 'done' AND target = s.name AND details->>'version' = v.version)`,
  );
  expect(missing).toBe(0);
}

/** I7: whoever published owns the namespace, or is an administrator or the anonymous account. */
async function checkOwners({ app }: TestApp): Promise<void> {
  const strangers = await app.db.sql(
    `SELECT s.name, v.version FROM versions v JOIN servers s ON s.id = v.server_id JOIN namespaces n ON n.id = s.namespace_id
     WHERE v.source IS NULL AND v.publisher_method NOT IN ('oidc', 'none', 'github-at') AND n.account_id IS DISTINCT FROM v.publisher_id`,
  );
  expect(strangers).toEqual([]);
}

/** I8: nothing was answered with a failure of ours. */
function checkAnswers(registry: TestApp): void {
  const failed = registry
    .logged()
    .filter(({ status }) => typeof status === 'number' && status >= 500 && status !== 503);
  expect(failed).toEqual([]);
}

/** I1, I2, I5, I9: what was acknowledged is at every door as it was sent, and nothing is there that nobody sent. */
async function checkLedger(registry: TestApp, rows: Map<string, Told>, ledger: Ledger): Promise<void> {
  for (const one of ledger.acknowledged) expect(rows.get(keyOf(one))?.digest, keyOf(one)).toBe(one.digest);
  for (const key of rows.keys()) expect(ledger.tried, `a ghost: ${key}`).toContain(key);
  for (const { name, version, digest } of ledger.acknowledged.slice(-20)) {
    const answer = await registry.rest(
      `/v0/servers/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}?include_deleted=true`,
    );
    expect(((await answer.json()) as { server: object }).server).toMatchObject({ name, version });
    const query = `query ($n: String!, $v: String!) { serverVersion(name: $n, version: $v, includeDeleted: true) { digest } }`;
    const { data } = await registry.graphql(query, { n: name, v: version });
    expect(data.serverVersion.digest).toBe(digest);
  }
}
