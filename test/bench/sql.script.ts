// The limit: SQL written by hand that gives the finished JSON, prepared once a connection, on bare node:http.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.argv[2], max: 10, options: '-c TimeZone=UTC' });
const rows = `SELECT v.*, s.name FROM versions v JOIN servers s ON s.id = v.server_id
  WHERE v.status IN ('active', 'deprecated') ORDER BY v.name_key, v.version LIMIT 30`;

/** The fields of page.graphql, with the document as it is; as a page of GraphQL, and as one of the REST API. */
const statements: Record<string, string> = {
  '/graphql': `SELECT json_build_object('data', json_build_object('serverVersions', json_build_object('edges', json_agg(
      json_build_object('cursor', encode(convert_to(json_build_array(p.name_key, p.version)::text, 'UTF8'), 'base64'),
        'node', json_build_object('id', p.id, 'name', p.name, 'version', p.version, 'title', p.title,
          'description', p.description, 'document', p.document, 'status', p.status, 'statusMessage', p.status_message,
          'statusChangedAt', p.status_changed_at, 'isLatest', p.is_latest, 'publishedAt', p.published_at,
          'updatedAt', p.updated_at, 'publisher', p.publisher_subject, 'digest', p.digest, 'revision', p.revision)
      ) ORDER BY p.name_key, p.version))))::text AS body FROM (${rows}) p`,
  '/rest': `SELECT json_build_object('servers', json_agg(json_build_object('server', p.document, '_meta', json_build_object(
      'status', p.status, 'statusChangedAt', p.status_changed_at, 'publishedAt', p.published_at, 'updatedAt', p.updated_at,
      'isLatest', p.is_latest)) ORDER BY p.name_key, p.version), 'metadata', json_build_object('count', count(*)))::text AS body
    FROM (${rows}) p`,
};

const server = createServer((request, response) => {
  const path = request.url ?? '';
  const text = statements[path];
  if (!text) return void response.writeHead(404).end();
  pool.query<{ body: string }>({ name: path, text }).then(
    ({ rows: [row] }) => {
      const body = Buffer.from(row!.body);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    },
    (error: Error) => response.writeHead(500).end(error.message),
  );
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
