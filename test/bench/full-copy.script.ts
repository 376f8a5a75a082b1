// Reads a whole registry, by /export or by PostgreSQL's COPY, and tells how many bytes came in what time.
import { get } from 'node:http';
import pg from 'pg';
import { to } from 'pg-copy-streams';

/** The lines of /export, made by PostgreSQL. */
const COPY = `COPY (
  SELECT '{"server":' || v.document::text || ',"_meta":{"io.modelcontextprotocol.registry/official":{"status":"' || v.status
    || '","statusChangedAt":"' || to_char(v.status_changed_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","publishedAt":"' || to_char(v.published_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","updatedAt":"' || to_char(v.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","isLatest":' || v.is_latest || '}}}'
  FROM versions v JOIN servers s ON s.id = v.server_id ORDER BY v.id) TO STDOUT`;

process.on('message', ({ by, url }: { by: 'export' | 'copy'; url: string }) => {
  void (by === 'export' ? readExport(url) : readCopy(url)).then((read) => process.send?.(read));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

interface Read {
  bytes: number;
  seconds: number;
}

async function count(stream: AsyncIterable<Buffer>, began: number): Promise<Read> {
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.length;
  return { bytes, seconds: (performance.now() - began) / 1000 };
}

function readExport(url: string): Promise<Read> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    get(url, (response) => resolve(count(response, began))).on('error', reject);
  });
}

async function readCopy(url: string): Promise<Read> {
  const client = new pg.Client({ connectionString: url, options: '-c TimeZone=UTC' });
  await client.connect();
  const began = performance.now();
  const read = await count(client.query(to(COPY)), began);
  await client.end();
  return read;
}
