import { checkText } from '../../input.ts';
import { nameKey } from '../../namespaces/server-name.ts';
import { encodeCursor } from '../../servers/page.ts';

/** Sorts after every version, so that a cursor of a bare name goes on behind all of that server's versions. */
const PAST_ALL_VERSIONS = '\u{10ffff}';

/** The official registry's plain cursors, `name:version` or a bare name, as the opaque one of the list; others as they are. */
export function toListCursor(cursor: string): string {
  // Every name holds a slash, and no opaque cursor does.
  if (!cursor.includes('/')) return cursor;
  const [, name = '', version = PAST_ALL_VERSIONS] =
    /^([^:]*)(?::(.*))?$/s.exec(checkText(cursor, 'A cursor', 600)) ?? [];
  return encodeCursor('versions', [nameKey(name), version]);
}
