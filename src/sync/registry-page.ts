import { isUtf8 } from 'node:buffer';
import type { GuardedResponse } from '../external/response.ts';
import type { RawRecord, Skipped } from './batch.ts';
import { MAX_RECORD_BYTES } from './held-bytes.ts';
import { elementTexts, memberText } from './json-text.ts';
import { changedAt } from './record.ts';
import { SourceError } from './source-error.ts';
import { laterOf, toTimestamp } from './timestamp.ts';

/** One page of a registry's list. */
export interface RegistryPage {
  records: RawRecord[];
  skipped: Skipped[];
  /** Of the next page; null on the last. */
  cursor: string | null;
  /** Of all pages, where the registry says (the first one did). */
  total: number | null;
  /** The latest change of a record on this page. */
  newest: string | null;
  /** When the answer was made, by the registry's clock. */
  madeAt: string;
}

interface ListAnswer {
  servers: unknown[] | null;
  metadata?: { nextCursor?: unknown; next_cursor?: unknown; total?: unknown } | null;
}

/** Reads the answer to `GET /v0.1/servers`, keeping each record byte for byte; `page` counts from one. */
export async function readPage(answer: GuardedResponse, page: number): Promise<RegistryPage> {
  const body = withoutMark(Buffer.from(await answer.bytes()));
  const list = parseList(body, new URL(answer.url).host);
  const next = list.metadata?.nextCursor ?? list.metadata?.next_cursor;
  const total = list.metadata?.total;
  return {
    ...cutRecords(body, page),
    cursor: typeof next === 'string' && next !== '' ? next : null,
    total: typeof total === 'number' ? total : null,
    newest: (list.servers ?? []).map(changedAt).reduce(laterOf, null),
    madeAt: madeAt(answer.headers.get('date')),
  };
}

/** Some editors and proxies begin UTF-8 with a byte order mark. */
function withoutMark(body: Buffer): Buffer {
  return body.subarray(0, 3).equals(Buffer.from('\uFEFF')) ? body.subarray(3) : body;
}

function cutRecords(body: Buffer, page: number): Pick<RegistryPage, 'records' | 'skipped'> {
  const found: Pick<RegistryPage, 'records' | 'skipped'> = { records: [], skipped: [] };
  // One character a byte, so that a record that is not UTF-8 is told from the others.
  const elements = elementTexts(memberText(body.toString('latin1'), 'servers') ?? '');
  elements.forEach((element, i) => {
    const at = `page ${page}, record ${i + 1}`;
    const bytes = Buffer.from(element, 'latin1');
    if (bytes.length > MAX_RECORD_BYTES) found.skipped.push({ at, reason: 'The record is longer than 1 MiB.' });
    else if (!isUtf8(bytes)) found.skipped.push({ at, reason: 'It is not UTF-8 text.' });
    else found.records.push({ at, text: bytes.toString() });
  });
  return found;
}

function parseList(body: Buffer, host: string): ListAnswer {
  try {
    const list = JSON.parse(body.toString()) as ListAnswer | null;
    if (list && (Array.isArray(list.servers) || list.servers === null)) return list;
  } catch {
    // Said below.
  }
  throw new SourceError(`${host} answered with something that is no list of servers.`, { retryable: true });
}

function madeAt(date: string | null): string {
  const time = Date.parse(date ?? '');
  return toTimestamp(new Date(Number.isNaN(time) ? Date.now() : time).toISOString()) as string;
}
