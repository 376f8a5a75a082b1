import type { Sql } from '../db.ts';

/** An answer that says which revision of the registry it is of: that of the very snapshot in which it was read. */
export interface Answer<Row> {
  rows: Row[];
  revision: number;
  /** False from a server that takes writes itself. */
  standby: boolean;
}

/** The statements, by the text that asks for their rows alone; there are as many as have names. */
const wrapped = new Map<string, string>();
const MAX_WRAPPED = 500;

/** One statement, so that rows and revision are of one moment; a row is there even when there are none. */
const wrap = (text: string) =>
  `SELECT q.*, r.n AS "$revision", pg_is_in_recovery() AS "$standby"
   FROM (SELECT coalesce((SELECT n FROM revision), 0) AS n) r LEFT JOIN LATERAL (SELECT x.*, true AS "$row" FROM (${text}) x) q ON true`;

type Marked = { $row?: true | null; $revision?: number; $standby?: boolean };

/** Runs a statement that reads, and learns from the same snapshot at which revision it did. */
export async function readAtRevision<Row extends object>(
  sql: Sql,
  text: string,
  values?: unknown[],
): Promise<Answer<Row>> {
  let statement = wrapped.get(text);
  if (statement === undefined) {
    statement = wrap(text);
    if (wrapped.size < MAX_WRAPPED) wrapped.set(text, statement);
  }
  const rows = await sql<Row & Marked>(statement, values);
  const { $row, $revision = 0, $standby = false } = rows[0]!;
  for (const row of rows) {
    // From the last to the first: so V8 lets the rows keep one shape.
    delete row.$standby;
    delete row.$revision;
    delete row.$row;
  }
  return { rows: $row ? rows : [], revision: $revision, standby: $standby };
}

/** Which database it is, wherever it is copied to, and how it is run. */
export interface Identity {
  identity: string;
  standby: boolean;
  /** Whether a long read keeps the primary from tidying away what it still needs. */
  feedback: boolean;
}

/** Asks a server which database it has. */
export async function readIdentity(sql: Sql): Promise<Identity> {
  const [row] = await sql<Identity>(
    `SELECT (SELECT system_identifier FROM pg_control_system()) || '/' ||
       (SELECT oid FROM pg_database WHERE datname = current_database()) AS identity,
       pg_is_in_recovery() AS standby, current_setting('hot_standby_feedback') = 'on' AS feedback`,
  );
  return row!;
}

/** What a database holds: its migrations, its revision, and the change that took this or another one. */
interface Holdings {
  migrations: string[];
  revision: number;
  change: string | null;
}

async function readHoldings(sql: Sql, revision: number | null): Promise<Holdings> {
  const [row] = await sql<Holdings>(
    `SELECT r.n AS revision,
       (SELECT c.version_id || ' ' || c.changed_at FROM changes c WHERE c.revision = coalesce($1, r.n)) AS change,
       ARRAY(SELECT migration_name::text FROM _prisma_migrations
             WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1) AS migrations
     FROM revision r`,
    [revision],
  );
  return row!;
}

/** What a database without the tables holds. */
function orNothing(error: Error & { code?: unknown }): null {
  if (error.code === '42P01' || error.code === '42703') return null;
  throw error;
}

export const NO_STANDBY = 'it is no standby, since it takes writes itself: was it promoted?';
export const NOT_COMPARED = 'the primary does not answer, with which it must be compared';

/** Says in one line why a server can't stand in for the primary; null when it can. Throws what the server itself fails with. */
export async function whyNot(server: Sql, primary: Sql): Promise<string | null> {
  const away = await readIdentity(primary).catch(() => null);
  if (!away) return NOT_COMPARED;
  const own = await readIdentity(server);
  if (own.identity !== away.identity) return "it is no copy of this registry's database";
  if (!own.standby) return NO_STANDBY;
  const held = await readHoldings(server, null).catch(orNothing);
  if (!held) return 'it does not have the tables of this registry yet';
  const real = await readHoldings(primary, held.revision).catch(() => null);
  if (!real) return NOT_COMPARED;
  const missing = real.migrations.find((name) => !held.migrations.includes(name));
  if (missing !== undefined) return `it does not have migration ${missing} yet`;
  if (held.change === real.change) return null;
  return `its change ${held.revision} is not the primary's: it follows another one, or one that was restored`;
}
