import type { Sql } from '../db.ts';

/** Has PostgreSQL look at how large its tables are. */
export async function analyse(sql: Sql): Promise<void> {
  await sql('ANALYZE servers, versions, packages, namespaces, search_words, search_postings, changes, remote_urls');
}
