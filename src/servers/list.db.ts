import type { Sql } from '../db.ts';
import type { Ref } from './rows.ts';
import { beyond, orderBy, type Sort, type Where } from './where.ts';

/** What a list is read from: the FROM clause, the alias of the rows listed, the conditions. */
export interface ListStatement {
  from: string;
  row: string;
  where: Where;
}

interface Slice {
  limit: number;
  backwards: boolean;
  after: string[] | null;
  before: string[] | null;
}

/** Reads one row more than the page holds, in the page's direction: references with the keys that order them. */
export async function readRefs(
  sql: Sql,
  { from, row, where }: ListStatement,
  sort: Sort,
  { limit, backwards, after, before }: Slice,
): Promise<(Ref & { keys: (string | number)[] })[]> {
  const keys = sort.columns.map((column, i) => `${column} AS k${i}`).join(', ');
  const clause = where.clause(after && beyond(sort, after, 'after'), before && beyond(sort, before, 'before'));
  const rows = await sql<Ref & Record<string, string | number>>(
    `SELECT ${row}.id, ${row}.revision, ${keys} FROM ${from} ${clause}
     ${orderBy(sort, backwards)} LIMIT ${limit + 1}`,
    where.values,
  );
  return rows.map((one) => ({ id: one.id, revision: one.revision, keys: sort.columns.map((_, i) => one[`k${i}`]!) }));
}

/** Counts the rows of a list, whatever page of it is read. */
export async function countRows(sql: Sql, { from, where }: ListStatement, values: unknown[]): Promise<number> {
  const [row] = await sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${from} ${where.clause()}`, values);
  return row?.n ?? 0;
}
