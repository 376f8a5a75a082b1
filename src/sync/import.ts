import type { Db } from '../context.ts';
import { keyOf, prepareVersion, type PreparedVersion } from '../publish/prepared.ts';
import { writeVersions, type Outcome } from '../publish/write.ts';
import { analyse } from './analyse.db.ts';
import { readCheckpoint, saveCheckpoint } from './checkpoint.db.ts';
import type { Counts } from './progress.ts';
import { parseRecord } from './record.ts';
import { openSource, sourceName, type RawRecord, type Skipped, type SourceBatch } from './source.ts';

/** What an import did; `skipped` holds the first of the records that were not taken, with their places and reasons. */
export interface ImportReport extends Counts {
  skippedRecords: Skipped[];
}

export interface ImportOptions {
  /** Told after each batch. */
  onProgress?: (position: SourceBatch['position'], counts: Counts) => void;
  signal?: AbortSignal;
}

/** Records of one transaction: large enough to be quick, small enough for publishers not to wait. */
const BATCH = 500;

/** PostgreSQL is told how large its tables have become when they are so many times as large: plans of empty tables read them from end to end. */
const GROWTH = 4;

/** How many skipped records are told one by one. */
const MAX_TOLD = 1_000;

/**
 * Brings in all records of a source: a file, a URL or another registry's base URL. Each batch is one transaction, so an
 * interrupted import leaves whole records; run again it goes on, and what is there already takes no new revision.
 */
export async function importFrom(db: Db, source: string, options: ImportOptions = {}): Promise<ImportReport> {
  const report: ImportReport = { created: 0, updated: 0, unchanged: 0, kept: 0, skipped: 0, skippedRecords: [] };
  // Its passwords stay out of the database.
  const name = sourceName(source);
  let analysedAt = BATCH;
  const resume = await readCheckpoint(db.sql, name);
  for await (const batch of openSource(source, { resume, batchSize: BATCH, signal: options.signal })) {
    batch.skipped.forEach((one) => skip(report, one));
    for (const versions of distinct(prepare(batch.records, name, report))) {
      for (const outcome of await writeVersions(db, versions)) report[outcome satisfies Outcome] += 1;
    }
    if (report.created >= analysedAt) {
      await analyse(db.sql);
      analysedAt = report.created * GROWTH;
    }
    if (batch.checkpoint) await saveCheckpoint(db.sql, name, batch.checkpoint);
    options.onProgress?.(batch.position, report);
  }
  return report;
}

function skip(report: ImportReport, skipped: Skipped): void {
  report.skipped += 1;
  if (report.skippedRecords.length < MAX_TOLD) report.skippedRecords.push(skipped);
}

function prepare(records: RawRecord[], source: string, report: ImportReport): PreparedVersion[] {
  return records.flatMap(({ at, text }) => {
    const record = parseRecord(text);
    if ('reason' in record) {
      skip(report, { at, reason: record.reason });
      return [];
    }
    try {
      return [prepareVersion({ ...record, source })];
    } catch (error) {
      skip(report, { at, reason: `${record.name} ${record.version} can't be kept: ${(error as Error).message}` });
      return [];
    }
  });
}

/** Splits a batch so that no version stands twice in one statement; what comes later counts. */
function distinct(versions: PreparedVersion[]): PreparedVersion[][] {
  const parts: PreparedVersion[][] = [];
  let seen = new Set<string>();
  for (const version of versions) {
    const key = keyOf(version);
    if (parts.length === 0 || seen.has(key)) {
      parts.push([]);
      seen = new Set();
    }
    seen.add(key);
    parts.at(-1)!.push(version);
  }
  return parts;
}
