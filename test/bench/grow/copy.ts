import { once } from 'node:events';
import pg from 'pg';
import { from } from 'pg-copy-streams';

/** A cell of a row; arrays are of text. */
type Cell = string | number | boolean | null | string[];

/** Rows on their way into a table. */
export interface Copying {
  write(row: Cell[]): Promise<void>;
  /** Resolves when all rows are in. */
  end(): Promise<void>;
}

const CHUNK = 256 * 1024;

/** Begins a COPY into a table's columns, on a connection of its own that fires no trigger. */
export async function copyInto(url: string, table: string, columns: string[]): Promise<Copying> {
  const client = new pg.Client({ connectionString: url, options: '-c session_replication_role=replica' });
  await client.connect();
  const stream = client.query(from(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  const failed = once(stream, 'error').then(([error]) => Promise.reject(error as Error));
  failed.catch(() => undefined);
  let pending = '';
  const flush = async () => {
    const chunk = pending;
    pending = '';
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), failed]);
  };
  return {
    write: async (row) => {
      pending += `${row.map(toText).join('\t')}\n`;
      if (pending.length > CHUNK) await flush();
    },
    end: async () => {
      await flush();
      stream.end();
      await Promise.race([once(stream, 'finish'), failed]);
      await client.end();
    },
  };
}

/** A cell in COPY's text format. */
function toText(cell: Cell): string {
  if (cell === null) return '\\N';
  if (typeof cell === 'string') return escaped(cell);
  if (!Array.isArray(cell)) return String(cell);
  return escaped(`{${cell.map((one) => `"${one.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`);
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[\\\t\n\r]/g, (one) => ESCAPES[one]!) : text;
}
