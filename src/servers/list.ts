import type { Sql } from '../context.ts';
import { checkText } from '../input.ts';
import type { Ref } from './rows.ts';
import { addFilter, asksForFacets, type CommonFilter } from './filter.ts';
import { countRows, readRefs } from './list.db.ts';
import { decodeCursor, encodeCursor, toPage, type Page, type PageRequest } from './page.ts';
import { addSearch, type Search } from './relevance.ts';
import { searchWords } from './search.ts';
import { addSince, readSince } from './since.ts';
import type { ListStatement } from './statement.ts';
import { anywhere, createWhere, type Sort, type Where } from './where.ts';

/** A row of a list: what to load, and the cursor that stands on it. */
export interface ListRow extends Ref {
  cursor: string;
}

/** A page of references, and how to count the whole list (one statement). */
export interface List extends Page<ListRow> {
  count(): Promise<number>;
}

export interface ServerFilter extends CommonFilter {
  search?: string | null;
  /** Only servers with a visible version that ships this package. */
  package?: { registryType: string; identifier: string };
}

export type ServerOrderField = 'RELEVANCE' | 'NAME' | 'PUBLISHED_AT' | 'UPDATED_AT';

export interface ServerOrder {
  field: ServerOrderField;
  direction?: 'ASC' | 'DESC' | null;
}

export interface VersionFilter extends CommonFilter {
  /** Text anywhere in the name or the description, as in REST. */
  search?: string | null;
  version?: string | null;
  isLatest?: boolean | null;
  /** Only versions of this server. */
  serverId?: number;
}

/** An order: its name in cursors, its columns, and the shape of their values. */
export interface Order extends Sort {
  name: string;
  keys: ('text' | 'number' | 'time')[];
}

/** Lists servers, by default by name or, when there is a search, by relevance; one statement, and one more for `updatedSince`. */
export async function listServers(
  sql: Sql,
  page: PageRequest,
  filter: ServerFilter,
  order?: ServerOrder | null,
): Promise<List> {
  const where = createWhere();
  const words = filter.search == null ? null : searchWords(filter.search);
  const search = words && addSearch(where, words);
  addFilter(where, filter, 's', 'h');
  addSince(where, 's', await readSince(sql, filter.updatedSince));
  if (filter.package) addPackage(where, filter.package);
  const joins = [...(asksForFacets(filter) ? ['JOIN versions h ON h.id = s.head_id'] : []), search?.joins ?? ''];
  const chosen = serverOrder(order, search);
  const ranked = search !== null && chosen.columns[0] === search.rank;
  const statement: ListStatement = {
    ...{ table: 'servers', row: 's', joins: joins.join(' '), where, given: search?.given ?? [] },
    sparse: !ranked && (isSparse(filter) || search !== null),
    words: ranked ? search.words : [],
  };
  return list(sql, statement, chosen, page);
}

/** Lists versions of all servers by name and version text, or of one server newest first; one statement, and one more for `updatedSince`. */
export async function listVersions(sql: Sql, page: PageRequest, filter: VersionFilter): Promise<List> {
  const where = createWhere();
  addFilter(where, filter, 'v', 'v');
  addSince(where, 'v', await readSince(sql, filter.updatedSince));
  if (filter.search) addSubstring(where, checkText(filter.search, 'A search'));
  if (filter.version != null) where.and(`v.version = ${where.value(checkText(filter.version, 'A version'))}`);
  if (filter.isLatest != null) where.and(`v.is_latest = ${where.value(filter.isLatest)}`);
  const sparse = isSparse(filter) || filter.version != null || !!filter.search;
  const statement: ListStatement = { table: 'versions', row: 'v', joins: '', where, given: [], sparse, words: [] };
  if (filter.serverId === undefined) return list(sql, statement, byName, page);
  where.within(`v.server_id = ${where.value(filter.serverId)}`);
  return list(sql, statement, newestFirst, page);
}

/** Whether a filter may fit few rows; those that are active are most. */
const isSparse = (filter: CommonFilter) =>
  asksForFacets(filter) || (filter.status != null && !filter.status.includes('active'));

const byName: Order = {
  name: 'versions',
  columns: ['v.name_key', 'v.version'],
  keys: ['text', 'text'],
  descending: false,
};

/** The order of one server's versions. */
export const newestFirst: Order = {
  name: 'newest',
  columns: ['v.published_at', 'v.id'],
  keys: ['time', 'number'],
  descending: true,
};

function serverOrder(order: ServerOrder | null | undefined, search: Search | null): Order {
  const field = order?.field ?? 'RELEVANCE';
  const direction = order?.direction;
  if (field === 'PUBLISHED_AT' || field === 'UPDATED_AT') {
    const column = field === 'PUBLISHED_AT' ? 's.published_at' : 's.updated_at';
    return { name: field, columns: [column, 's.id'], keys: ['time', 'number'], descending: direction !== 'ASC' };
  }
  if (field === 'RELEVANCE' && search) {
    // The best rank is the lowest number; of equal ones the server that was first.
    return { name: field, columns: [search.rank, 's.id'], keys: ['number', 'number'], descending: direction === 'ASC' };
  }
  return {
    name: 'NAME',
    columns: ['s.name_key'],
    keys: ['text'],
    descending: direction === 'DESC' && field === 'NAME',
  };
}

function addSubstring(where: Where, text: string): void {
  const pattern = where.value(anywhere(text));
  where.and(`(v.name_key LIKE lower(${pattern} COLLATE "C") OR v.description ILIKE ${pattern})`);
}

function addPackage(where: Where, { registryType, identifier }: { registryType: string; identifier: string }): void {
  const [type, id] = [where.value(registryType), where.value(identifier)];
  where.and(`s.id IN (SELECT v.server_id FROM packages p JOIN versions v ON v.id = p.version_id
    WHERE p.registry_type = ${type} AND (p.identifier = ${id} OR p.name = ${id}) AND v.status <> 'deleted')`);
}

async function list(sql: Sql, statement: ListStatement, order: Order, page: PageRequest): Promise<List> {
  const places = (cursor: string) =>
    decodeCursor(cursor, order.name, order.keys).map((key) => statement.where.value(key));
  // Counting comes first: the cursors below must not limit it.
  const counted = [...statement.where.values];
  const between = {
    after: page.after === null ? null : places(page.after),
    before: page.before === null ? null : places(page.before),
  };
  const rows = await readRefs(sql, statement, order, { ...page, ...between });
  const listed = rows.map(({ id, revision, keys }) => ({ id, revision, cursor: encodeCursor(order.name, keys) }));
  return { ...toPage(listed, page), count: () => countRows(sql, statement, counted) };
}
