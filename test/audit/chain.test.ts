import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { appendAudit, type AuditEntry } from '../../src/audit/audit.db.ts';
import { verifyAudit, type AuditReport } from '../../src/audit/verify.ts';
import { createDb, type Db, type Sql } from '../../src/db.ts';
import { cloneTemplate } from '../app.ts';

let db: Db;
let other: Db;

beforeAll(async () => {
  const url = await cloneTemplate();
  [db, other] = [createDb({ url }), createDb({ url })];
});

afterAll(() => Promise.all([db.close(), other.close()]));

const entry = (target: string): AuditEntry => ({ actor: 'github:1', action: 'test', target, outcome: 'done' });

beforeEach(async () => {
  await db.sql('ALTER TABLE audit DISABLE TRIGGER audit_is_append_only');
  await db.sql('DELETE FROM audit');
  await db.sql("UPDATE audit_head SET n = 0, hash = ''");
  await db.sql('ALTER TABLE audit ENABLE TRIGGER audit_is_append_only');
});

/** Ten rows, each with all that a row can have. */
async function ten(): Promise<void> {
  for (let i = 1; i <= 10; i++) await appendAudit(db.sql, { ...entry(`row ${i}`), details: { number: i } });
}

describe('the audit is append-only', () => {
  test.each([
    "UPDATE audit SET actor = 'github:2' WHERE id = 3",
    'DELETE FROM audit WHERE id = 10',
    'DELETE FROM audit',
    'TRUNCATE audit',
    `INSERT INTO audit (id, action, outcome, previous_hash, hash) VALUES (3, 'x', 'done', '', '')
       ON CONFLICT (id) DO UPDATE SET action = 'x'`,
  ])('%s is refused', async (statement) => {
    await ten();
    await expect(db.sql(statement)).rejects.toThrow('The audit is append-only.');
    expect(await verifyAudit(db.sql)).toEqual({ rows: 10, broken: null });
  });
});

describe('the chain', () => {
  test('begins with nothing, and each row has the hash of all that it says and of the row before', async () => {
    expect(await verifyAudit(db.sql)).toEqual({ rows: 0, broken: null });
    await ten();
    const rows = await db.sql<{ id: number; previous: string; hash: string; content: string }>(
      `SELECT id, previous_hash AS previous, hash,
         jsonb_build_array(previous_hash, id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           actor, action, target, outcome, details)::text AS content
       FROM audit ORDER BY id`,
    );
    let previous = '';
    for (const row of rows) {
      expect(row.previous).toBe(previous);
      expect(row.hash).toBe(createHash('sha256').update(row.content).digest('hex'));
      previous = row.hash;
    }
    expect(await verifyAudit(db.sql)).toEqual({ rows: 10, broken: null });
  });

  test('takes any text, cut where it is endless', async () => {
    const texts = ['\0', '\ud800', 'a\udc00b', '𝔘', '"\\\n', 'x'.repeat(100_000), '𝔘'.repeat(5_000)];
    for (const text of texts) {
      const details = { [text.slice(0, 10)]: [text, { deep: text }] };
      await appendAudit(db.sql, { actor: text, action: text, target: text, outcome: 'refused', details });
    }
    expect(await verifyAudit(db.sql)).toEqual({ rows: texts.length, broken: null });
    const [longest] = await db.sql<{ n: number }>('SELECT max(length(audit::text)) AS n FROM audit');
    expect(longest!.n).toBeLessThan(20_000);
  });

  test('has no gap after 400 appends at once by two processes, of which a fourth is taken back', async () => {
    const append = async (i: number) => {
      const by = i % 2 ? db : other;
      if (i % 4 === 1) return appendAudit(by.sql, entry(`alone ${i}`));
      await by
        .transaction(async (sql) => {
          await sql('SELECT pg_sleep(random() / 500)');
          await appendAudit(sql, entry(`within ${i}`));
          if (i % 4 === 2) throw new Error('taken back');
        })
        .catch((error: Error) => expect(error.message).toBe('taken back'));
    };
    let going = true;
    const reports: AuditReport[] = [];
    const watch = (async () => {
      while (going) reports.push(await verifyAudit(other.sql));
    })();
    await Promise.all(Array.from({ length: 400 }, (_, i) => append(i)));
    going = false;
    await watch;
    expect(await verifyAudit(db.sql)).toEqual({ rows: 300, broken: null });
    expect(reports.filter((report) => report.broken)).toEqual([]);
    console.log(`audit: 400 appends at once, 300 kept; checked ${reports.length} times meanwhile`);
  });

  test('is walked page by page, quickly', async () => {
    const many = "SELECT audit_append('github:1', 'test', n::text, 'done', '{}') FROM generate_series(1, 5500) n";
    await db.sql(many);
    const told: number[] = [];
    const started = performance.now();
    expect(await verifyAudit(db.sql, (rows) => void told.push(rows))).toEqual({ rows: 5_500, broken: null });
    const seconds = (performance.now() - started) / 1000;
    console.log(`audit: ${Math.round(5_500 / seconds)} rows a second are checked`);
    expect(told).toEqual([1_000, 2_000, 3_000, 4_000, 5_000, 5_500]);
  });
});

describe('the first break is named', () => {
  const changed = 'the row was changed: its hash is not that of its content';
  const unlinked = 'the row does not follow from the one before it';
  const content = 'audit_content(previous_hash, id, at, actor, action, target, outcome, details)';
  const rehash = (where: string) =>
    `UPDATE audit SET hash = encode(sha256(convert_to(${content}, 'UTF8')), 'hex') WHERE ${where}`;
  /** A whole chain of false rows from here to the end, as who can write the table would make it. */
  const rechain = (from: number) =>
    Array.from({ length: 11 - from }, (_, i) => from + i).flatMap((id) => [
      `UPDATE audit SET previous_hash = (SELECT hash FROM audit WHERE id = ${id - 1}) WHERE id = ${id}`,
      rehash(`id = ${id}`),
    ]);
  const forge = (id: number, previous: string) =>
    `INSERT INTO audit (id, actor, action, outcome, previous_hash, hash) VALUES (${id}, 'x', 'x', 'done', ${previous}, 'x')`;
  const makeRoom = ['UPDATE audit SET id = -id - 1 WHERE id > 5', 'UPDATE audit SET id = -id WHERE id < 0'];
  const afterFive = '(SELECT hash FROM audit WHERE id = 5)';

  const tampered: [string, string[], number, string][] = [
    ['another time', ["UPDATE audit SET at = at + interval '1 microsecond' WHERE id = 4"], 4, changed],
    ['another actor', ["UPDATE audit SET actor = 'github:2' WHERE id = 4"], 4, changed],
    ['no actor', ['UPDATE audit SET actor = NULL WHERE id = 4'], 4, changed],
    ['another action', ["UPDATE audit SET action = 'x' WHERE id = 1"], 1, changed],
    ['another target', ["UPDATE audit SET target = 'x' WHERE id = 10"], 10, changed],
    ['another outcome', ["UPDATE audit SET outcome = 'refused' WHERE id = 4"], 4, changed],
    ['other details', ["UPDATE audit SET details = '{}' WHERE id = 4"], 4, changed],
    ['another hash', ["UPDATE audit SET hash = repeat('0', 64) WHERE id = 4"], 4, changed],
    ['another hash before', ["UPDATE audit SET previous_hash = repeat('0', 64) WHERE id = 4"], 4, unlinked],
    ['two of them changed', ["UPDATE audit SET actor = 'x' WHERE id IN (7, 3)"], 3, changed],
    ['one changed, with its hash', ["UPDATE audit SET actor = 'x' WHERE id = 4", rehash('id = 4')], 5, unlinked],
    [
      'one changed, with all hashes behind it',
      ["UPDATE audit SET actor = 'x' WHERE id = 4", rehash('id = 4'), ...rechain(5)],
      10,
      'the end of the chain does not have the hash that was noted for it',
    ],
    ['one taken out', ['DELETE FROM audit WHERE id = 5'], 5, 'the row is missing: behind 4 comes 6'],
    ['the first taken out', ['DELETE FROM audit WHERE id = 1'], 1, 'the row is missing: behind 0 comes 2'],
    ['some taken out', ['DELETE FROM audit WHERE id IN (3, 4, 8)'], 3, 'the row is missing: behind 2 comes 5'],
    ['the last taken out', ['DELETE FROM audit WHERE id = 10'], 10, 'the chain ends here, and should have 10 rows'],
    ['all taken out', ['DELETE FROM audit'], 1, 'the chain ends here, and should have 10 rows'],
    [
      'one taken out, and the gap closed',
      [
        'DELETE FROM audit WHERE id = 5',
        'UPDATE audit SET id = -id + 1 WHERE id > 5',
        'UPDATE audit SET id = -id WHERE id < 0',
      ],
      5,
      unlinked,
    ],
    [
      'the last taken out, and the count with it',
      ['DELETE FROM audit WHERE id = 10', 'UPDATE audit_head SET n = 9'],
      9,
      'the end of the chain does not have the hash that was noted for it',
    ],
    ['one put in', [...makeRoom, forge(6, "''")], 6, unlinked],
    ['one put in that follows', [...makeRoom, forge(6, afterFive)], 6, changed],
    ['one put in with its hash', [...makeRoom, forge(6, afterFive), rehash('id = 6')], 7, unlinked],
    [
      'two changed about',
      ['UPDATE audit SET id = -13 + id WHERE id IN (6, 7)', 'UPDATE audit SET id = -id WHERE id < 0'],
      6,
      unlinked,
    ],
    [
      'one put in behind the end',
      [forge(11, '(SELECT hash FROM audit WHERE id = 10)'), rehash('id = 11')],
      11,
      'the row was put in behind the end of the chain',
    ],
  ];

  test.each(tampered)('%s', async (_name, statements, at, reason) => {
    await ten();
    expect(await tamper(statements)).toEqual({ rows: at - 1, broken: { at, reason } });
    expect(await verifyAudit(db.sql)).toEqual({ rows: 10, broken: null });
  });

  /** Does it as who owns the table could, looks, and takes it back. */
  async function tamper(statements: string[]): Promise<AuditReport> {
    const done = Promise.withResolvers<AuditReport>();
    await db
      .transaction(async (sql: Sql) => {
        await sql('ALTER TABLE audit DISABLE TRIGGER audit_is_append_only');
        for (const statement of statements) await sql(statement);
        done.resolve(await verifyAudit(sql));
        throw new Error('taken back');
      })
      .catch((error: Error) => (error.message === 'taken back' ? undefined : done.reject(error)));
    return done.promise;
  }
});
