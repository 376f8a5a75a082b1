import type { Sql } from '../db.ts';
import { best } from './relevance.db.ts';
import type { Ref } from './rows.ts';
import { between, columns, dense, nearOrFar, type ListStatement, type Slice, type Statement } from './statement.ts';
import { orderBy, type Sort } from './where.ts';

/** Reads one row more than the page holds, in the page's direction: references with the keys that order them. */
export async function readRefs(
  sql: Sql,
  statement: ListStatement,
  sort: Sort,
  slice: Slice,
): Promise<(Ref & { keys: (string | number)[] })[]> {
  const read = statement.words.length > 0 ? best : statement.sparse ? sparse : dense;
  const { parts, select } = read(statement, sort, slice);
  const rows = await sql<Ref & Record<string, string | number>>(
    `${withParts([...statement.given, ...parts])}${select}`,
    statement.where.values,
  );
  return rows.map((one) => ({ id: one.id, revision: one.revision, keys: sort.columns.map((_, i) => one[`k${i}`]!) }));
}

/** How far a list is walked before what fits is looked up, all of it, and put in order. */
const WALKED = 5_000;

/**
 * Walks a part of the list, which fills the page where many rows fit; where that does not and there is more of the list,
 * takes all rows that fit by the index of what they are asked for, and sorts. PostgreSQL would choose one of the two by
 * how many rows it thinks fit, as though they lay evenly, and walk half a million of them where they do not.
 */
function sparse({ table, row, joins, where }: ListStatement, sort: Sort, slice: Slice): Statement {
  const order = orderBy(sort, slice.backwards);
  const places = between(sort, slice);
  const rows = slice.limit + 1;
  const walk = `SELECT * FROM ${table} ${row} ${where.rangeClause(...places)}`;
  return {
    parts: [
      `near AS MATERIALIZED (
       SELECT ${columns(row, sort)} FROM (${walk} ${order} LIMIT ${WALKED}) ${row} ${joins} ${where.clause()} ${order} LIMIT ${rows})`,
      `far AS MATERIALIZED (
       SELECT (SELECT count(*) FROM near) < ${rows} AND EXISTS (${walk} ${order} OFFSET ${WALKED} LIMIT 1) AS wanted)`,
    ],
    select: nearOrFar({ table, row, joins, where }, sort, slice),
  };
}

const withParts = (parts: string[]) => (parts.length > 0 ? `WITH ${parts.join(', ')} ` : '');

/** Counts the rows of a list, whatever page of it is read. */
export async function countRows(sql: Sql, statement: ListStatement, values: unknown[]): Promise<number> {
  const { table, row, joins, where, given } = statement;
  const [counted] = await sql<{ n: number }>(
    `${withParts(given)}SELECT count(*)::int AS n FROM ${table} ${row} ${joins} ${where.clause()}`,
    values,
  );
  return counted?.n ?? 0;
}
