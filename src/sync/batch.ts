/** One record as it came, byte for byte; `at` says where it stood: "line 12" or "page 3, record 4". */
export interface RawRecord {
  at: string;
  text: string;
}

/** What was passed over, where it stood, and why in one sentence. */
export interface Skipped {
  at: string;
  reason: string;
}

/** What a reader meets next. */
export type Found = RawRecord | Skipped;

/**
 * How far a registry has been read. `cursor` is the next page of a run that is under way, null between runs;
 * `updatedSince` is what this run asks for, or the next one will; `watermark` is where the next one starts once this
 * one is complete.
 */
export interface Checkpoint {
  cursor: string | null;
  updatedSince: string | null;
  watermark: string | null;
}

/** How much was read; `total` is null where nobody says. */
export interface Position {
  done: number;
  total: number | null;
  unit: 'bytes' | 'records';
}

/** Records to import together; `checkpoint` is to be stored with them, null where reading again starts over. */
export interface SourceBatch {
  records: RawRecord[];
  skipped: Skipped[];
  position: Position;
  checkpoint: Checkpoint | null;
}

/** How a source is read. */
export interface SourceOptions {
  /** The checkpoint stored with the last batch; files are always read from their beginning. */
  resume?: Checkpoint | null;
  /** Records after which a batch is handed over; 500. */
  batchSize?: number;
  signal?: AbortSignal;
  /** The pause before the second attempt to ask an upstream; 500 ms. */
  retryDelayMs?: number;
}
