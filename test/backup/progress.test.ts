import { setTimeout as sleep } from 'node:timers/promises';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { count, createProgress, megabytes } from '../../src/backup/progress.ts';

/** A stream that a person reads, or a log. */
function aStream(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 20 });
  return { stream: stream as unknown as NodeJS.WriteStream, written: () => text(stream.end()) };
}

test('a terminal shows one line that is rewritten, cut to its width, and taken away at the end', async () => {
  const { stream, written } = aStream(true);
  const progress = createProgress(stream);
  progress.tell('Backing up: versions, 1,000 rows before it');
  progress.tell('too soon after it');
  await sleep(120);
  progress.tell('Checking');
  progress.clear();
  expect(await written()).toBe('Backing up: version\r\x1b[KChecking\r\x1b[K');
});

test('a log gets no line of what is done within seconds', async () => {
  const { stream, written } = aStream(false);
  const progress = createProgress(stream);
  progress.tell('Backing up');
  progress.clear();
  expect(await written()).toBe('');
  expect([count(1234567), megabytes(12_345_678)]).toEqual(['1,234,567', '12.3 MB']);
});
