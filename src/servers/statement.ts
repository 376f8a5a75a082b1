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
  /** The words (their values) of a search whose best servers come first; none of any other list. */
  words: string[];
}

/** The part of a list to read. */
export interface Slice {
  limit: number;
  backwards: boolean;
  after: string[] | null;
  before: string[] | null;
}

/** What reads a slice: the parts of its WITH behind those that the list is given, and the SELECT, in order. */
export interface Statement {
  parts: string[];
  select: string;
}

/** Walks the list until the page is full. */
export function dense({ table, row, joins, where }: From, sort: Sort, slice: Slice, ...more: string[]): Statement {
  const conditions = where.clause(...between(sort, slice), ...more);
  return {
    parts: [],
    select: `SELECT ${columns(row, sort)} FROM ${table} ${row} ${joins} ${conditions}
     ${orderBy(sort, slice.backwards)} LIMIT ${slice.limit + 1}`,
  };
}

/** What was near or, if that is not all there is of a page, all that fits in order. */
export function nearOrFar({ table, row, joins, where }: From, sort: Sort, slice: Slice): string {
  return `SELECT * FROM near WHERE NOT (SELECT wanted FROM far)
     UNION ALL
     SELECT * FROM (SELECT ${columns(row, sort)} FROM ${table} ${row} ${joins}
       ${where.clause(...between(sort, slice), '(SELECT wanted FROM far)')} OFFSET 0) found
     ${byKeys(sort, slice)} LIMIT ${slice.limit + 1}`;
}

/** The order of rows that were read already. */
export const byKeys = (sort: Sort, { backwards }: Slice) =>
  orderBy({ ...sort, columns: sort.columns.map((_, i) => `k${i}`) }, backwards);

type From = Pick<ListStatement, 'table' | 'row' | 'joins' | 'where'>;

/** What is read of each row: its reference, and the keys that order it as k0, k1, … */
export const columns = (row: string, sort: Sort) =>
  [`${row}.id`, `${row}.revision`, ...sort.columns.map((column, i) => `${column} AS k${i}`)].join(', ');

/** The conditions of a slice's two cursors. */
export const between = (sort: Sort, { after, before }: Slice) => [
  after && beyond(sort, after, 'after'),
  before && beyond(sort, before, 'before'),
];
