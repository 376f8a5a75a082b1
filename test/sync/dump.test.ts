import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRecord } from '../../src/sync/record.ts';
import { openSource } from '../../src/sync/source.ts';

const dump = '../shared/data/official-full-2025-12-18.jsonl';
const present = existsSync(dump);
if (!present) console.warn(`${dump} is not here: the check on the official registry's records is left out.`);

test.runIf(present)("every record of the official registry's dump is taken, byte for byte", async () => {
  const lines = readFileSync(dump, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(2_794);
  let i = 0;
  for await (const { records, skipped } of openSource(dump)) {
    expect(skipped).toEqual([]);
    for (const { at, text } of records) {
      expect(text).toBe(lines[i]);
      const record = parseRecord(text);
      if ('reason' in record) throw new Error(`${at}: ${record.reason}`);
      const original = JSON.parse(text) as { server: object; _meta: Record<string, Record<string, string>> };
      expect(JSON.parse(record.document)).toEqual(original.server);
      expect(text.slice('{"server":'.length)).toContain(record.document);
      const meta = original._meta['io.modelcontextprotocol.registry/official'];
      expect([record.status, record.publishedAt, record.updatedAt]).toEqual([
        ...[meta?.status, meta?.publishedAt, meta?.updatedAt],
      ]);
      i += 1;
    }
  }
  expect(i).toBe(lines.length);
});
