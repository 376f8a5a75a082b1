import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RegistryError } from '../../src/errors.ts';
import { decodeCursor, encodeCursor, pageRequest, toPage, type PageRequest } from '../../src/servers/page.ts';

const MALFORMED = 'The cursor is malformed: pass one as it was answered.';
const FOREIGN = 'The cursor belongs to another list or order: start again without it.';

/** The code and sentence of what a function refuses. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(RegistryError);
    const { code, message } = error as RegistryError;
    return `${code}: ${message}`;
  }
  throw new Error('nothing was refused');
}

describe("a page's arguments", () => {
  test('30 from the start when nothing is said', () => {
    expect(pageRequest({})).toEqual({ limit: 30, backwards: false, after: null, before: null });
    expect(pageRequest({ first: null, last: null })).toEqual(pageRequest({}));
  });

  test('from either end', () => {
    expect(pageRequest({ first: 1, after: 'a' })).toEqual({ limit: 1, backwards: false, after: 'a', before: null });
    expect(pageRequest({ last: 100, before: 'b' })).toEqual({ limit: 100, backwards: true, after: null, before: 'b' });
  });

  test.each([0, -1, 101])('%i rows are refused', (size) => {
    expect(refusal(() => pageRequest({ first: size }))).toBe(
      `BAD_USER_INPUT: \`first\` must be from 1 to 100, not ${size}.`,
    );
    expect(refusal(() => pageRequest({ last: size }))).toBe(
      `BAD_USER_INPUT: \`last\` must be from 1 to 100, not ${size}.`,
    );
  });

  test('both ends at once are refused', () => {
    expect(refusal(() => pageRequest({ first: 1, last: 1 }))).toBe(
      'BAD_USER_INPUT: Ask for `first` or for `last`, not for both.',
    );
  });
});

describe('a page', () => {
  const request = (more: Partial<PageRequest>): PageRequest => ({
    limit: 2,
    backwards: false,
    after: null,
    before: null,
    ...more,
  });

  test('leaves out the row that only tells that there are more', () => {
    expect(toPage([1, 2, 3], request({}))).toEqual({ rows: [1, 2], hasPreviousPage: false, hasNextPage: true });
    expect(toPage([1, 2], request({ after: 'x' }))).toEqual({
      rows: [1, 2],
      hasPreviousPage: true,
      hasNextPage: false,
    });
  });

  test('stands in the order of the list when it was read from the end', () => {
    const page = toPage([9, 8, 7], request({ backwards: true }));
    expect(page).toEqual({ rows: [8, 9], hasPreviousPage: true, hasNextPage: false });
    expect(toPage([9], request({ backwards: true, before: 'x' })).hasNextPage).toBe(true);
  });
});

describe('a cursor', () => {
  const shape = ['time', 'number', 'text'] as const;
  const decode = (cursor: string) => decodeCursor(cursor, 'mine', [...shape]);
  const encoded = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');

  test('gives back its keys', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string({ unit: 'grapheme', maxLength: 100 }), (number, text) => {
        const keys = ['2025-09-09T00:16:49.16262Z', number, text.replaceAll('\0', '')];
        expect(decode(encodeCursor('mine', keys))).toEqual(keys);
      }),
    );
  });

  test('of the longest name fits', () => {
    const name = '語'.repeat(255);
    expect(decodeCursor(encodeCursor('mine', [name, name]), 'mine', ['text', 'text'])).toEqual([name, name]);
  });

  test.each(['', 'x', '!!!', 'bnVsbA', encoded({ 0: 'mine' }), encoded('mine'), 'com.example/one:1.0.0'])(
    '%j is malformed',
    (cursor) => expect(refusal(() => decode(cursor))).toBe(`INVALID_CURSOR: ${MALFORMED}`),
  );

  test.each([
    ['another list', ['other', '2025-09-09T00:16:49Z', 1, 'a']],
    ['too few keys', ['mine', '2025-09-09T00:16:49Z', 1]],
    ['too many keys', ['mine', '2025-09-09T00:16:49Z', 1, 'a', 'b']],
    ['no time', ['mine', 'yesterday', 1, 'a']],
    ['a day that does not exist', ['mine', '2025-02-30T00:00:00Z', 1, 'a']],
    ['a fraction', ['mine', '2025-09-09T00:16:49Z', 1.5, 'a']],
    ['a number that no id has', ['mine', '2025-09-09T00:16:49Z', 2 ** 31, 'a']],
    ['text for a number', ['mine', '2025-09-09T00:16:49Z', '1', 'a']],
    ['NUL', ['mine', '2025-09-09T00:16:49Z', 1, 'a\0']],
    ['half a surrogate pair', ['mine', '2025-09-09T00:16:49Z', 1, '\ud800']],
    ['null', ['mine', null, 1, 'a']],
  ])('of or with %s is foreign', (_what, parts) => {
    expect(refusal(() => decode(encoded(parts)))).toBe(`INVALID_CURSOR: ${FOREIGN}`);
  });

  test('that is any text at all is decoded or refused, nothing else', () => {
    const parts = fc.array(fc.oneof(fc.constant('mine'), fc.jsonValue(), fc.integer()), { maxLength: 5 }).map(encoded);
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), parts);
    fc.assert(
      fc.property(text, (cursor) => {
        expect(refusal(() => decode(cursor))).toMatch(/^INVALID_CURSOR: The cursor (is malformed|belongs)/);
      }),
      { numRuns: 2_000 },
    );
  });
});
