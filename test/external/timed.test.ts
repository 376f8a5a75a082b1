import { expect, test } from 'vitest';
import { ExternalError } from '../../src/external/external-error.ts';
import { timed, timedCall } from '../../src/external/timed.ts';

const told: [string, string, number][] = [];
const note = (...asked: [string, string, number]) => void told.push(asked);
const outcomes = () => told.splice(0).map(([upstream, outcome]) => `${upstream} ${outcome}`);

test('each question to someone outside is told of, with what became of it', async () => {
  const client = timed(
    'npm',
    {
      asks: async (word: string) => `${word}!`,
      breaks: () => Promise.reject(new ExternalError('network', 'It could not be reached.')),
      waits: (signal: AbortSignal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      refuses: () => Promise.reject(new Error('No such token.')),
      knows: (name: string) => name === 'a',
      limit: 3,
    },
    note,
  );
  expect(await client.asks('yes')).toBe('yes!');
  await expect(client.breaks()).rejects.toThrow('It could not be reached.');
  await expect(client.waits(AbortSignal.timeout(5))).rejects.toThrow();
  await expect(client.refuses()).rejects.toThrow('No such token.');
  expect(outcomes()).toEqual(['npm answered', 'npm network', 'npm timeout', 'npm answered']);
  expect([client.knows('a'), client.limit, outcomes()]).toEqual([true, 3, []]);
});

test('with how long it took', async () => {
  const slow = timedCall('key-file', () => new Promise((resolve) => setTimeout(resolve, 40)), note);
  await slow();
  expect(told[0]?.[2]).toBeGreaterThan(35);
});
