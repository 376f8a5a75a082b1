import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { nameKey } from '../../../src/namespaces/server-name.ts';
import { parseRecord } from '../../../src/sync/record.ts';

/** What records look like: servers as they are, each with the documents of its versions, oldest first. */
export interface Templates {
  servers: { name: string; versions: { version: string; document: string }[] }[];
  /** Tells one source from another. */
  digest: string;
}

/** Reads the records of a dump, a line each; what the registry would not take is left out. */
export function readTemplates(dump: string): Templates {
  const text = readFileSync(dump, 'utf8');
  const records = text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const record = parseRecord(line);
    return 'reason' in record ? [] : [record];
  });
  const byName = Map.groupBy(records, (record) => nameKey(record.name));
  const servers = [...byName.values()].map((versions) => ({
    name: versions[0]!.name,
    versions: [...new Map(versions.map((one) => [one.version, one])).values()]
      .filter((one) => one.name === versions[0]!.name)
      .toSorted((a, b) => ((a.publishedAt ?? '') < (b.publishedAt ?? '') ? -1 : 1))
      .map(({ version, document }) => ({ version, document })),
  }));
  return { servers, digest: hash('sha256', text).slice(0, 12) };
}
