import type { Sql } from '../db.ts';
import type { Ref } from './rows.ts';
import { beyond, orderBy, type Sort, type Where } from './where.ts';

/** What a list is read from: the table of the rows listed with its alias, what is joined to it, the conditions. */
export interface ListStatement {
  table: 'servers' | 'versions';
  row: 's' | 'v';
  joins: string;
  where: Where;
  /** What the statement starts from: parts of its WITH. */
  given: string[];
  /** Whether few rows may fit, somewhere: nobody knows how far a page's rows lie apart in the order of the list. */
  sparse: boolean;
  /** The only word of a search whose best servers come first; null for any other list. */
  word: string | null;
}

/** The part of a list to read. */
export interface Slice {
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
    (statement.word !== null ? relevant : statement.sparse ? sparse : dense)(statement, sort, slice),
    statement.where.values,
  );
  return rows.map((one) => ({ id: one.id, revision: one.revision, keys: sort.columns.map((_, i) => one[`k${i}`]!) }));
}

/** Walks the list until the page is full. */
function dense({ table, row, joins, where, given }: ListStatement, sort: Sort, slice: Slice): string {
  return `${withParts(given)}SELECT ${columns(row, sort)} FROM ${table} ${row} ${joins} ${where.clause(...between(sort, slice))}
     ${orderBy(sort, slice.backwards)} LIMIT ${slice.limit + 1}`;
}

/** How far a list is walked before what fits is looked up, all of it, and put in order. */
const WALKED = 5_000;

/**
 * Walks a part of the list, which fills the page where many rows fit; where that does not and there is more of the list,
 * takes all rows that fit by the index of what they are asked for, and sorts. PostgreSQL would choose one of the two by
 * how many rows it thinks fit, as though they lay evenly, and walk half a million of them where they do not.
 */
function sparse({ table, row, joins, where, given }: ListStatement, sort: Sort, slice: Slice): string {
  const order = orderBy(sort, slice.backwards);
  const places = between(sort, slice);
  const rows = slice.limit + 1;
  const walk = `SELECT * FROM ${table} ${row} ${where.rangeClause(...places)}`;
  return `${withParts([
    ...given,
    `near AS MATERIALIZED (
       SELECT ${columns(row, sort)} FROM (${walk} ${order} LIMIT ${WALKED}) ${row} ${joins} ${where.clause()} ${order} LIMIT ${rows})`,
    `far AS MATERIALIZED (
       SELECT (SELECT count(*) FROM near) < ${rows} AND EXISTS (${walk} ${order} OFFSET ${WALKED} LIMIT 1) AS wanted)`,
  ])}${nearOrFar({ table, row, joins, where }, sort, slice)}`;
}

/** How many postings are read before all that is found is ranked: not each of them is a row of a page of up to 100. */
const READ = 300;

/**
 * Reads the best of each word that is found by the postings and puts them in one order; a posting counts if it is the
 * best of its server, as a rank that is made anew tells. Where what else is asked for leaves too few, and there are more,
 * takes all servers that fit, and sorts. (OFFSET 0: PostgreSQL would find them all by the words first, however many.)
 */
function relevant({ word, table, row, joins, where, given }: ListStatement, sort: Sort, slice: Slice): string {
  const rows = slice.limit + 1;
  const backwards = sort.descending !== slice.backwards;
  const places = ({ columns }: { columns: string[] }) => orderBy({ columns, descending: backwards }, false);
  const from = postingsBetween(sort, slice);
  return `${withParts([
    ...given,
    `postings AS MATERIALIZED (
       SELECT DISTINCT p.rank + m.adds AS rank, p.server_id
       FROM t0 CROSS JOIN LATERAL search_matches(${word}, t0.beginnings) m CROSS JOIN LATERAL (
         SELECT rank, server_id FROM search_postings WHERE ${['word = m.word', ...from].join(' AND ')}
         ${places({ columns: ['rank', 'server_id'] })} LIMIT ${READ}) p
       ${places({ columns: ['1', '2'] })} LIMIT ${READ})`,
    `near AS MATERIALIZED (
       SELECT ${columns(row, sort)} FROM (TABLE postings ${places({ columns: ['rank', 'server_id'] })} LIMIT ${READ}) p
       CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE id = p.server_id OFFSET 0) ${row} ${joins} ${where.clause(`p.rank = ${sort.columns[0]}`)}
       ${places({ columns: ['p.rank', 'p.server_id'] })} LIMIT ${rows})`,
    `far AS MATERIALIZED (
       SELECT (SELECT count(*) FROM near) < ${rows} AND (SELECT count(*) FROM postings) = ${READ} AS wanted)`,
  ])}${nearOrFar({ table, row, joins, where }, sort, slice)}`;
}

/** Between which postings of a word a slice lies: what the word adds to the rank is not in them. */
function postingsBetween({ descending }: Sort, { after, before }: Slice): string[] {
  const columns = ['rank', 'server_id'];
  const placesOf = ([rank, id]: string[]) => [`${rank}::bigint - m.adds`, `${id}::int`];
  return [
    ...(after ? [beyond({ columns, descending }, placesOf(after), 'after')] : []),
    ...(before ? [beyond({ columns, descending }, placesOf(before), 'before')] : []),
  ];
}

/** What was near or, if that is not all there is of a page, all that fits in order. */
function nearOrFar({ table, row, joins, where }: From, sort: Sort, slice: Slice): string {
  return `SELECT * FROM near WHERE NOT (SELECT wanted FROM far)
     UNION ALL
     SELECT * FROM (SELECT ${columns(row, sort)} FROM ${table} ${row} ${joins}
       ${where.clause(...between(sort, slice), '(SELECT wanted FROM far)')} OFFSET 0) found
     ${orderBy({ ...sort, columns: sort.columns.map((_, i) => `k${i}`) }, slice.backwards)} LIMIT ${slice.limit + 1}`;
}

type From = Pick<ListStatement, 'table' | 'row' | 'joins' | 'where'>;

const withParts = (parts: string[]) => (parts.length > 0 ? `WITH ${parts.join(', ')} ` : '');

const columns = (row: string, sort: Sort) =>
  [`${row}.id`, `${row}.revision`, ...sort.columns.map((column, i) => `${column} AS k${i}`)].join(', ');

const between = (sort: Sort, { after, before }: Slice) => [
  after && beyond(sort, after, 'after'),
  before && beyond(sort, before, 'before'),
];

/** Counts the rows of a list, whatever page of it is read. */
export async function countRows(sql: Sql, statement: ListStatement, values: unknown[]): Promise<number> {
  const { table, row, joins, where, given } = statement;
  const [counted] = await sql<{ n: number }>(
    `${withParts(given)}SELECT count(*)::int AS n FROM ${table} ${row} ${joins} ${where.clause()}`,
    values,
  );
  return counted?.n ?? 0;
}
