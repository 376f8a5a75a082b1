import { ExternalError } from '../external/external-error.ts';
import type { Checkpoint, SourceBatch, SourceOptions } from './batch.ts';
import type { GuardedResponse } from '../external/response.ts';
import { type RegistryPage, readPage } from './registry-page.ts';
import { SourceError } from './source-error.ts';
import { earlierOf, laterOf, minutesBefore } from './timestamp.ts';
import { askUpstream, refusal } from './upstream.ts';

const PAGE_SIZE = 100;
const PAGE_BYTES = 64 * 1024 * 1024;
/** The official registry took up to 25 seconds (#1252). */
const PAGE_TIMEOUT_MS = 60_000;
/** Newest first; the second is for registries of before October 2025. */
const API_VERSIONS = ['v0.1', 'v0'];
/** Transactions that stamp a change and commit it later than others that are already seen. */
const OVERLAP_MINUTES = 5;

/** One reading of a registry, from its first page or from where the last one was interrupted. */
interface Run extends Checkpoint {
  base: URL;
  options: SourceOptions;
  /** Which of API_VERSIONS the registry has. */
  version: number;
  page: number;
  done: number;
  newest: string | null;
  cursors: Set<string>;
}

/**
 * Reads another registry page by page. The next run asks for what changed since this one began by the registry's clock,
 * or since the newest change it saw where that is earlier, less five minutes: what changes or commits while pages are
 * read, in the order of names, is then read again rather than lost.
 */
export async function* readRegistry(base: URL, options: SourceOptions): AsyncGenerator<SourceBatch> {
  const { cursor = null, updatedSince = null, watermark = null } = options.resume ?? {};
  const run: Run = {
    ...{ base, options, cursor, updatedSince, watermark },
    ...{ version: 0, page: 0, done: 0, newest: null, cursors: new Set(cursor === null ? [] : [cursor]) },
  };
  let batch = emptyBatch();
  try {
    do {
      const page = await nextPage(run);
      batch.records.push(...page.records);
      batch.skipped.push(...page.skipped);
      const circle = advance(run, page);
      batch.position = { done: run.done, total: page.total, unit: 'records' };
      batch.checkpoint = circle ? { ...checkpointOf(run), cursor: null, watermark: null } : checkpointOf(run);
      if (circle) throw new SourceError(`${base.host} answered with a cursor that it had given before.`);
      if (batch.records.length + batch.skipped.length >= (options.batchSize ?? 500)) {
        yield batch;
        batch = emptyBatch();
      }
    } while (run.cursor !== null);
  } catch (error) {
    if (batch.checkpoint) yield batch;
    throw interrupted(run, error);
  }
  if (batch.checkpoint) yield batch;
}

function emptyBatch(): SourceBatch {
  return { records: [], skipped: [], position: { done: 0, total: null, unit: 'records' }, checkpoint: null };
}

/** Asks for the page at the run's cursor; finds out on the way which API the registry has. */
async function nextPage(run: Run): Promise<RegistryPage> {
  const options = { timeoutMs: PAGE_TIMEOUT_MS, maxBytes: PAGE_BYTES, headers: { accept: 'application/json' } };
  for (;;) {
    const page = await askUpstream(
      pageUrl(run),
      options,
      async (answer) => {
        if (answer.status === 200) return readPage(answer, run.page + 1);
        if (mayAskOtherwise(run, answer.status)) return answer.discard();
        throw answer.status === 404 && run.page === 0 ? noRegistry(run, answer) : refusal(answer);
      },
      run.options,
    );
    if (page) return page;
  }
}

/** Before the first page: turns to the older API, or from an outdated cursor to the beginning. */
function mayAskOtherwise(run: Run, status: number): boolean {
  if (run.page > 0) return false;
  if (status === 404 && run.version + 1 < API_VERSIONS.length) {
    run.version += 1;
    return true;
  }
  if (run.cursor === null || (status !== 400 && status !== 404 && status !== 422)) return false;
  run.cursor = null;
  run.watermark = null;
  run.version = 0;
  return true;
}

function pageUrl({ base, version, cursor, updatedSince }: Run): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/$/, '')}/${API_VERSIONS[version]}/servers`;
  if (!url.searchParams.has('limit')) url.searchParams.set('limit', String(PAGE_SIZE));
  // Deleted versions are burned here too.
  if (!url.searchParams.has('include_deleted')) url.searchParams.set('include_deleted', 'true');
  if (updatedSince !== null) url.searchParams.set('updated_since', updatedSince);
  if (cursor !== null) url.searchParams.set('cursor', cursor);
  return url;
}

function noRegistry({ base }: Run, answer: GuardedResponse): SourceError {
  answer.discard();
  const asked = API_VERSIONS.map((version) => `/${version}/servers`).join(' and ');
  return new SourceError(`${base.host} is no MCP registry: it answered 404 to ${asked}.`);
}

/** Takes note of a page that was read; true when its cursor leads back. */
function advance(run: Run, page: RegistryPage): boolean {
  run.watermark ??= page.madeAt;
  run.page += 1;
  run.done += page.records.length + page.skipped.length;
  run.newest = laterOf(run.newest, page.newest);
  run.cursor = page.cursor;
  if (page.cursor === null) return false;
  const circle = run.cursors.has(page.cursor);
  run.cursors.add(page.cursor);
  return circle;
}

function checkpointOf(run: Run): Checkpoint {
  const { cursor, updatedSince, watermark, newest } = run;
  if (cursor !== null) return { cursor, updatedSince, watermark };
  const next = newest === null ? null : minutesBefore(earlierOf(newest, watermark), OVERLAP_MINUTES);
  return { cursor: null, updatedSince: laterOf(updatedSince, next), watermark: null };
}

function interrupted(run: Run, error: unknown): unknown {
  if (!(error instanceof SourceError) && !(error instanceof ExternalError)) return error;
  if (run.page === 0) return error;
  const advice = `Reading stopped at page ${run.page + 1}; run it again to go on from there.`;
  return new SourceError(`${error.message} ${advice}`, { cause: error, retryable: error.retryable });
}
