import type { Sql } from '../context.ts';
import type { ServerEntry } from './entries.ts';
import { listVersions, newestFirst, type List, type VersionFilter } from './list.ts';
import { decodeCursor, encodeCursor, toPage, type PageRequest } from './page.ts';
import { canonicalTime, compareTimes, isStored } from './times.ts';

/** Lists one server's versions, newest first: from the entry where it holds them all, else by one statement. */
export async function listServerVersions(
  sql: Sql,
  server: ServerEntry,
  page: PageRequest,
  filter: VersionFilter,
): Promise<List> {
  return fromEntry(server, page, filter) ?? listVersions(sql, page, { ...filter, serverId: server.id });
}

/** Null when the entry can't tell: it holds too few versions or does not know what the filter or the cursor asks. */
function fromEntry({ versions }: ServerEntry, page: PageRequest, filter: VersionFilter): List | null {
  const { status, ...others } = filter;
  if (!versions || Object.values(others).some((one) => one != null)) return null;
  const [after, before] = [placeOf(page.after), placeOf(page.before)];
  if (after === null || before === null) return null;
  const statuses: string[] = status ?? ['active', 'deprecated'];
  const visible = versions.filter((version) => statuses.includes(version.status));
  const between = visible.filter(
    (version) => (!after || newestOrder(after, version) < 0) && (!before || newestOrder(version, before) < 0),
  );
  const rows = (page.backwards ? between.reverse() : between).slice(0, page.limit + 1).map((version) => ({
    id: version.id,
    revision: version.revision,
    cursor: encodeCursor(newestFirst.name, [canonicalTime(version.publishedAt), version.id]),
  }));
  return { ...toPage(rows, page), count: () => Promise.resolve(visible.length) };
}

type Place = { publishedAt: string; id: number };

/** Where a cursor stands, which is by its keys: its row may have moved since. Undefined without one, null where only SQL can tell. */
function placeOf(cursor: string | null): Place | undefined | null {
  if (cursor === null) return undefined;
  const [time, id] = decodeCursor(cursor, newestFirst.name, newestFirst.keys);
  return isStored(String(time)) ? { publishedAt: String(time), id: Number(id) } : null;
}

const newestOrder = (a: Place, b: Place) => compareTimes(b.publishedAt, a.publishedAt) || b.id - a.id;
