import { byKeys, columns, dense, nearOrFar, type ListStatement, type Slice, type Statement } from './statement.ts';
import { beyond, orderBy, type Sort } from './where.ts';

/** How many postings are read before all that is found is ranked: not each of them is a row of a page of up to 100. */
const READ = 300;

/** The ranks below are those of names that have a word itself (search_postings_of, search_place). */
const NAMED = 10_000;

/**
 * Reads the best servers of a search. Names that have the words themselves come before all else, the shorter text first:
 * where they fill the page, nobody asks by what other words the servers would be found.
 */
export function best(statement: ListStatement, sort: Sort, slice: Slice): Statement {
  const rest = statement.words.length === 1 ? byPostings : dense;
  if (sort.descending !== slice.backwards) return rest(statement, sort, slice);
  const rows = slice.limit + 1;
  const { parts, select } = rest(statement, sort, slice, `(SELECT count(*) FROM named) < ${rows}`);
  return {
    parts: [`named AS MATERIALIZED (${named(statement, sort, slice)})`, ...parts],
    select: `SELECT * FROM (SELECT * FROM named WHERE (SELECT count(*) FROM named) = ${rows} UNION ALL (${select})) best
     ${byKeys(sort, slice)}`,
  };
}

/** Names that have all words: these have postings of the same rank. */
function named(statement: ListStatement, sort: Sort, slice: Slice): string {
  const { words } = statement;
  const places = (word: string) => `SELECT array_fill((quote_literal(${word}) || ':A')::tsquery, ARRAY[9]) AS places`;
  const tables = words.map((_, i) => `search_postings p${i}${i > 0 ? ' USING (rank, server_id)' : ''}`).join(' JOIN ');
  const conditions = words.map((word, i) => `p${i}.word = ${word} AND p${i}.rank < ${NAMED}`);
  return `WITH ${words.map((word, i) => `t${i} AS MATERIALIZED (${places(word)})`).join(', ')},
     postings AS MATERIALIZED (${postingsOf({ tables, conditions }, sort, slice)} LIMIT ${READ})
     ${ranked(statement, sort, slice)}`;
}

/**
 * The best of each word that the only word of a search is found by, put in one order. Where what else is asked for leaves
 * too few of them, all servers that fit are taken, and sorted.
 */
function byPostings(statement: ListStatement, sort: Sort, slice: Slice, unless?: string): Statement {
  const [word] = statement.words;
  const only = (of: string, ...more: string[]) => ({
    tables: 'search_postings',
    conditions: [`word = ${of}`, ...more],
  });
  // Read upwards, no other word has anything to add behind what is read of the word itself.
  const bound = unless === undefined ? [] : ['rank <= coalesce((SELECT rank FROM bound), 2147483647) - m.adds'];
  return {
    parts: [
      ...(unless === undefined
        ? []
        : [`bound AS MATERIALIZED (${postingsOf(only(`${word}`), sort, slice)} OFFSET ${READ - 1} LIMIT 1)`]),
      `postings AS MATERIALIZED (
         SELECT p.rank + m.adds AS rank, p.server_id
         FROM t0 CROSS JOIN LATERAL search_matches(${word}, t0.beginnings) m
         CROSS JOIN LATERAL (${postingsOf({ ...only('m.word', ...bound), adds: 'm.adds' }, sort, slice)} LIMIT ${READ}) p
         ${unless === undefined ? '' : `WHERE ${unless}`} ${orderBy({ ...sort, columns: ['1', '2'] }, slice.backwards)} LIMIT ${READ})`,
      `near AS MATERIALIZED (${ranked(statement, sort, slice)})`,
      `far AS MATERIALIZED (
         SELECT (SELECT count(*) FROM near) <= ${slice.limit} AND (SELECT count(*) FROM postings) = ${READ} AS wanted)`,
    ],
    select: nearOrFar(statement, sort, slice),
  };
}

/** Which postings: of these tables, by these conditions; `adds` is what the word that they are of adds to their rank. */
interface Postings {
  tables: string;
  conditions: string[];
  adds?: string;
}

/** Reads postings between the places of a slice. */
function postingsOf({ tables, conditions, adds = '0' }: Postings, { descending }: Sort, slice: Slice): string {
  const { after, before, backwards } = slice;
  const columns = ['rank', 'server_id'];
  const placesOf = ([rank, id]: string[]) => [`${rank}::bigint - ${adds}`, `${id}::int`];
  const places = [
    ...(after ? [beyond({ columns, descending }, placesOf(after), 'after')] : []),
    ...(before ? [beyond({ columns, descending }, placesOf(before), 'before')] : []),
  ];
  return `SELECT rank, server_id FROM ${tables} WHERE ${[...conditions, ...places].join(' AND ')}
     ${orderBy({ columns, descending }, backwards)}`;
}

/**
 * The page of what `postings` holds: a posting counts if it is the best of its server, as a rank that is made anew tells.
 * (OFFSET 0: PostgreSQL would find them all by the words first, however many.)
 */
function ranked({ table, row, joins, where }: ListStatement, sort: Sort, slice: Slice): string {
  const order = (...columns: string[]) => orderBy({ ...sort, columns }, slice.backwards);
  return `SELECT ${columns(row, sort)}
     FROM (SELECT DISTINCT rank, server_id FROM postings ${order('rank', 'server_id')} LIMIT ${READ}) p
     CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE id = p.server_id OFFSET 0) ${row} ${joins}
     ${where.clause(`p.rank = ${sort.columns[0]}`)} ${order('p.rank', 'p.server_id')} LIMIT ${slice.limit + 1}`;
}
