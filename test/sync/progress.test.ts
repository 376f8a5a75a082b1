import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createProgress } from '../../src/sync/progress.ts';

const counts = { created: 1_200, updated: 0, unchanged: 34, kept: 0, skipped: 1 };

/** A stream that keeps what is written to it. */
function screen(isTTY: boolean, columns = 200) {
  let text = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const stream = Object.assign(sink, { isTTY, columns }) as unknown as NodeJS.WriteStream;
  const written = (): string => {
    const seen = text;
    text = '';
    return seen;
  };
  return { stream, written };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('where no terminal is', () => {
  test('a line every two seconds and one at the end', () => {
    const { stream, written } = screen(false);
    const progress = createProgress(stream, 'Importing');
    progress.update({ done: 1, total: 100, unit: 'bytes' }, counts);
    expect(written()).toBe('');
    vi.advanceTimersByTime(2_470);
    progress.update({ done: 25_000_000, total: 100_000_000, unit: 'bytes' }, counts);
    progress.update({ done: 26_000_000, total: 100_000_000, unit: 'bytes' }, counts);
    expect(written()).toBe('Importing: 25.0 MB (25 %) read, 500/s; 1,200 created, 34 unchanged, 1 skipped\n');
    vi.advanceTimersByTime(2_530);
    progress.update({ done: 1_235, total: null, unit: 'records' }, counts);
    expect(written()).toBe('Importing: 1,235 records read, 247/s; 1,200 created, 34 unchanged, 1 skipped\n');
    progress.stop();
    progress.finish(counts);
    expect(written()).toBe('Importing: 1,235 records in 5s: 1,200 created, 34 unchanged, 1 skipped.\n');
  });

  test('an import of nothing says so', () => {
    const { stream, written } = screen(false);
    createProgress(stream, 'Importing').finish({ created: 0, updated: 0, unchanged: 0, kept: 0, skipped: 0 });
    expect(written()).toBe('Importing: 0 records in 0s: nothing.\n');
  });
});

describe('on a terminal', () => {
  test('a bar with rate and remaining time, redrawn in place ten times a second at most', () => {
    const { stream, written } = screen(true);
    const progress = createProgress(stream, 'Importing');
    vi.advanceTimersByTime(5_000);
    progress.update({ done: 25, total: 100, unit: 'bytes' }, counts);
    const bar = `${'█'.repeat(6)}${'░'.repeat(18)}`;
    expect(written()).toBe(`Importing ${bar} 25 %  247/s  15s left  1,200 created, 34 unchanged, 1 skipped`);
    progress.update({ done: 30, total: 100, unit: 'bytes' }, counts);
    expect(written()).toBe('');
    vi.advanceTimersByTime(100);
    progress.update({ done: 100, total: 100, unit: 'bytes' }, counts);
    expect(written()).toMatch(/^\x1b\[1G\x1b\[2KImporting █{24} 100 %  /u);
    progress.finish(counts);
    expect(written()).toBe('\x1b[1G\x1b[2KImporting: 1,235 records in 6s: 1,200 created, 34 unchanged, 1 skipped.\n');
  });

  test('without a total there is no bar, but what was read', () => {
    const { stream, written } = screen(true);
    vi.advanceTimersByTime(1_000);
    createProgress(stream, 'Importing').update({ done: 1_235, total: null, unit: 'records' }, counts);
    expect(written()).toMatch(/^Importing {2}1,235 records {2}[\d,]+\/s {2}1,200 created, 34 unchanged, 1 skipped$/);
  });

  test('the bar fits the terminal, and what is said after a failure stands below it', () => {
    const { stream, written } = screen(true, 40);
    const progress = createProgress(stream, 'Importing');
    progress.update({ done: 1, total: 2, unit: 'records' }, counts);
    progress.stop();
    progress.stop();
    const output = written();
    expect(output.endsWith('\n')).toBe(true);
    expect(output.trimEnd().length).toBeLessThan(40);
  });
});
