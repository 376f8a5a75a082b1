import { columns, nearOrFar, withParts, type ListStatement, type Slice } from './statement.ts';
import { beyond, orderBy, type Sort } from './where.ts';

/** How many postings are read before all that is found is ranked: not each of them is a row of a page of up to 100. */
const READ = 300;

/** The ranks below are those of names that have the word itself (search_postings_of, search_place). */
const NAMED = 10_000;

/**
 * The statement of the best servers of a search for one word. Names that have the word itself come before all else: where
 * they fill the page, nobody asks by what other words the servers would be found. Where they do not, the best of each of
 * those words are read by the postings and put in one order; a posting counts if it is the best of its server, as a rank
 * that is made anew tells. Where what else is asked for leaves too few of them, all servers that fit are taken, and sorted.
 */
export function best(statement: ListStatement, sort: Sort, slice: Slice): string {
  const rows = slice.limit + 1;
  const { word } = statement;
  const namesFirst = sort.descending === slice.backwards;
  const found = `t0 AS MATERIALIZED (SELECT * FROM search_term(${word})`;
  const postings = (limits: string) => `postings AS MATERIALIZED (
    SELECT p.rank + m.adds AS rank, p.server_id FROM t0 CROSS JOIN LATERAL search_matches(${word}, t0.beginnings) m
    CROSS JOIN LATERAL (${postingsOf('m.word', sort, slice, { adds: 'm.adds', more: limits })} LIMIT ${READ}) p
    ${inOrder(sort, slice, '1', '2')} LIMIT ${READ})`;
  const rest = [
    `near AS MATERIALIZED (${ranked(statement, sort, slice)})`,
    `far AS MATERIALIZED (
       SELECT (SELECT count(*) FROM near) < ${rows} AND (SELECT count(*) FROM postings) = ${READ} AS wanted)`,
  ];
  if (!namesFirst) return `${withParts([`${found})`, postings(''), ...rest])}${nearOrFar(statement, sort, slice)}`;
  return `${withParts([
    `named AS MATERIALIZED (${named(statement, sort, slice)})`,
    `${found} WHERE (SELECT count(*) FROM named) < ${rows})`,
    // No other word has anything to add behind what is read of the word itself.
    `last AS MATERIALIZED (${postingsOf(`${word}`, sort, slice)} OFFSET ${READ - 1} LIMIT 1)`,
    postings('rank <= coalesce((SELECT rank FROM last), 2147483647) - m.adds'),
    ...rest,
  ])}SELECT * FROM named WHERE (SELECT count(*) FROM named) = ${rows} UNION ALL ${nearOrFar(statement, sort, slice)}`;
}

/** The same for names that have the word itself, the only place where it is looked for. */
function named(statement: ListStatement, sort: Sort, slice: Slice): string {
  const { word } = statement;
  return `${withParts([
    `t0 AS MATERIALIZED (SELECT array_fill((quote_literal(${word}) || ':A')::tsquery, ARRAY[9]) AS places)`,
    `postings AS MATERIALIZED (${postingsOf(`${word}`, sort, slice, { more: `rank < ${NAMED}` })} LIMIT ${READ})`,
  ])}${ranked(statement, sort, slice)}`;
}

/** The page of what `postings` holds, in the places of `t0`. (OFFSET 0: PostgreSQL would find them all by the words first, however many.) */
function ranked({ table, row, joins, where }: ListStatement, sort: Sort, slice: Slice): string {
  return `SELECT ${columns(row, sort)}
    FROM (SELECT DISTINCT rank, server_id FROM postings ${inOrder(sort, slice, 'rank', 'server_id')} LIMIT ${READ}) p
    CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE id = p.server_id OFFSET 0) ${row} ${joins}
    ${where.clause(`p.rank = ${sort.columns[0]}`)} ${inOrder(sort, slice, 'p.rank', 'p.server_id')} LIMIT ${slice.limit + 1}`;
}

/** The postings of a word between the places of a slice; `adds` is what it adds to their rank. */
function postingsOf(
  word: string,
  sort: Sort,
  { after, before, backwards }: Slice,
  { adds = '0', more = '' } = {},
): string {
  const { descending } = sort;
  const columns = ['rank', 'server_id'];
  const placesOf = ([rank, id]: string[]) => [`${rank}::bigint - ${adds}`, `${id}::int`];
  const conditions = [
    `word = ${word}`,
    ...(more ? [more] : []),
    ...(after ? [beyond({ columns, descending }, placesOf(after), 'after')] : []),
    ...(before ? [beyond({ columns, descending }, placesOf(before), 'before')] : []),
  ];
  return `SELECT rank, server_id FROM search_postings WHERE ${conditions.join(' AND ')} ${orderBy({ columns, descending }, backwards)}`;
}

const inOrder = ({ descending }: Sort, { backwards }: Slice, ...columns: string[]) =>
  orderBy({ columns, descending }, backwards);
