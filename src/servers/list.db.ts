import type { Sql } from '../db.ts';
import type { Ref } from './rows.ts';
import { beyond, orderBy, type Sort, type Where } from './where.ts';

/** What a list is read from: the table of the rows listed with its alias, what is joined to it, the conditions. */
export interface ListStatement {
  table: 'servers' | 'versions';
  row: 's' | 'v';
  joins: string;
  where: Where;
  /** Whether few rows may fit, somewhere: nobody knows how far a page's rows lie apart in the order of the list. */
  sparse: boolean;
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
  statement: ListStatement,
  sort: Sort,
  slice: Slice,
): Promise<(Ref & { keys: (string | number)[] })[]> {
  const rows = await sql<Ref & Record<string, string | number>>(
    (statement.sparse ? sparse : dense)(statement, sort, slice),
    statement.where.values,
  );
  return rows.map((one) => ({ id: one.id, revision: one.revision, keys: sort.columns.map((_, i) => one[`k${i}`]!) }));
}

/** Walks the list until the page is full. */
function dense({ table, row, joins, where }: ListStatement, sort: Sort, slice: Slice): string {
  return `SELECT ${columns(row, sort)} FROM ${table} ${row} ${joins} ${where.clause(...between(sort, slice))}
     ${orderBy(sort, slice.backwards)} LIMIT ${slice.limit + 1}`;
}

/** How far a list is walked before what fits is looked up, all of it, and put in order. */
const WALKED = 5_000;

/**
 * Walks a part of the list, which fills the page where many rows fit; where that does not and there is more of the list,
 * takes all rows that fit by the index of what they are asked for, and sorts. PostgreSQL would choose one of the two by
 * how many rows it thinks fit, as though they lay evenly, and walk half a million of them where they do not.
 */
function sparse({ table, row, joins, where }: ListStatement, sort: Sort, slice: Slice): string {
  const order = orderBy(sort, slice.backwards);
  const places = between(sort, slice);
  const rows = slice.limit + 1;
  const walk = `SELECT * FROM ${table} ${row} ${where.rangeClause(...places)}`;
  return `WITH near AS MATERIALIZED (
       SELECT ${columns(row, sort)} FROM (${walk} ${order} LIMIT ${WALKED}) ${row} ${joins} ${where.clause()} ${order} LIMIT ${rows}),
     far AS MATERIALIZED (
       SELECT (SELECT count(*) FROM near) < ${rows} AND EXISTS (${walk} ${order} OFFSET ${WALKED} LIMIT 1) AS wanted)
     SELECT * FROM near WHERE NOT (SELECT wanted FROM far)
     UNION ALL
     SELECT * FROM (SELECT ${columns(row, sort)} FROM ${table} ${row} ${joins}
       ${where.clause(...places, '(SELECT wanted FROM far)')} OFFSET 0) found
     ${orderBy({ ...sort, columns: sort.columns.map((_, i) => `k${i}`) }, slice.backwards)} LIMIT ${rows}`;
}

const columns = (row: string, sort: Sort) =>
  [`${row}.id`, `${row}.revision`, ...sort.columns.map((column, i) => `${column} AS k${i}`)].join(', ');

const between = (sort: Sort, { after, before }: Slice) => [
  after && beyond(sort, after, 'after'),
  before && beyond(sort, before, 'before'),
];

/** Counts the rows of a list, whatever page of it is read. */
export async function countRows(sql: Sql, statement: ListStatement, values: unknown[]): Promise<number> {
  const { table, row, joins, where } = statement;
  const [counted] = await sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${table} ${row} ${joins} ${where.clause()}`,
    values,
  );
  return counted?.n ?? 0;
}
