import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedAt, parseRecord } from '../../src/sync/record.ts';
import { jsonText } from './json-arbitrary.ts';

const OFFICIAL = 'io.modelcontextprotocol.registry/official';
const server = '{ "version":"1.0.0", "name":"io.github.alice/weather" ,"2":1.0,"1":"\\u00e9" }';
const nothingElse = { statusMessage: null, publishedAt: null, updatedAt: null, statusChangedAt: null };

describe('the shapes that registries have had', () => {
  test('{server, _meta}, as since October 2025', () => {
    const meta = {
      status: 'deprecated',
      statusMessage: 'Use weather2.',
      statusChangedAt: '2026-01-02T03:04:05.678901Z',
      publishedAt: '2025-09-08T23:47:09.452138Z',
      updatedAt: '2025-09-09T00:16:49.162620Z',
      isLatest: true,
    };
    expect(parseRecord(`{"server":${server},"_meta":{"${OFFICIAL}":${JSON.stringify(meta)}}}`)).toEqual({
      name: 'io.github.alice/weather',
      version: '1.0.0',
      document: server,
      status: 'deprecated',
      statusMessage: 'Use weather2.',
      publishedAt: '2025-09-08T23:47:09.452138Z',
      updatedAt: '2025-09-09T00:16:49.16262Z',
      statusChangedAt: '2026-01-02T03:04:05.678901Z',
    });
  });

  test('a bare server.json', () => {
    expect(parseRecord(` ${server}\n`)).toEqual({
      ...{ name: 'io.github.alice/weather', version: '1.0.0', document: server, status: 'active' },
      ...nothingElse,
    });
  });

  test('the first registry, of July 2025', () => {
    const text =
      '{"id":"4e9cf4cf","name":"io.github.bob/old","description":"x",' +
      '"version_detail":{"version":"0.2.0","release_date":"2025-05-16T18:56:49Z","is_latest":true}}';
    expect(parseRecord(text)).toEqual({
      ...{ name: 'io.github.bob/old', version: '0.2.0', document: text, status: 'active' },
      ...nothingElse,
      publishedAt: '2025-05-16T18:56:49Z',
    });
  });

  test('August 2025: the registry’s part beside the server, in snake_case', () => {
    const old = '{"name":"com.example/x","status":"deprecated","version_detail":{"version":"2"}}';
    const meta = '{"published_at":"2025-08-01T02:00:00+02:00","updated_at":"2025-08-02T00:00:00.5Z","is_latest":true}';
    expect(parseRecord(`{"x-io.modelcontextprotocol.registry":${meta},"server":${old}}`)).toEqual({
      ...{ name: 'com.example/x', version: '2', document: old, status: 'deprecated' },
      ...nothingElse,
      publishedAt: '2025-08-01T00:00:00Z',
      updatedAt: '2025-08-02T00:00:00.5Z',
    });
  });

  test('September 2025: the registry’s part inside the document, which keeps it', () => {
    const text = `{"name":"a/b","version":"1","status":"deleted","_meta":{"${OFFICIAL}":{"publishedAt":"2025-09-16T01:02:03Z"}}}`;
    expect(parseRecord(text)).toEqual({
      ...{ name: 'a/b', version: '1', document: text, status: 'deleted' },
      ...nothingElse,
      publishedAt: '2025-09-16T01:02:03Z',
    });
  });
});

describe('dirt is taken in', () => {
  test.each([
    ['upper case, spaces, dots', 'Com.Example../My Server!', '{{VERSION}}'],
    ['other scripts', 'io.github.ålice/天気', '版本 1'],
    ['the longest', `a/${'b'.repeat(253)}`, 'v'.repeat(255)],
  ])('%s', (_, name, version) => {
    expect(parseRecord(JSON.stringify({ name, version, repository: {} }))).toMatchObject({ name, version });
  });

  test('an unknown status is active, an unusable time is none, a message loses what the database has no place for', () => {
    const meta = { status: 'quarantined', statusMessage: 'a\0b\ud800', publishedAt: 'yesterday', updatedAt: 12 };
    const text = JSON.stringify({ server: { name: 'a/b', version: '1' }, _meta: { [OFFICIAL]: meta } });
    expect(parseRecord(text)).toMatchObject({
      ...{ status: 'active', statusMessage: 'ab\ufffd', publishedAt: null, updatedAt: null },
    });
  });

  test('a key that stands twice counts where it stands last, in the document too', () => {
    const text = '{"server":{"name":"a/b","version":"1"},"s\\u0065rver":{"name":"c/d","version":"2"}}';
    expect(parseRecord(text)).toMatchObject({ name: 'c/d', document: '{"name":"c/d","version":"2"}' });
  });
});

describe('what has no usable name and version is refused in a sentence', () => {
  const named = (name: unknown, version: unknown = '1'): string => JSON.stringify({ name, version });
  test.each([
    ['{"name":', 'The record is not valid JSON.'],
    ['{"name":"a/b","version":"1"} x', 'The record is not valid JSON.'],
    ['[]', 'The record is not a JSON object.'],
    ['null', 'The record is not a JSON object.'],
    ['{}', 'The record has no name.'],
    ['{"__proto__":{"name":"a/b","version":"1"}}', 'The record has no name.'],
    ['{"server":{"version":"1"},"name":"a/b"}', 'The record has no name.'],
    [named(7), 'The name is not a string.'],
    [named(''), 'The name is empty.'],
    [named('weather'), 'The name is not of the form namespace/name.'],
    [named('a/b/c'), 'The name is not of the form namespace/name.'],
    [named('/b'), 'The name is not of the form namespace/name.'],
    [named('a/'), 'The name is not of the form namespace/name.'],
    [named(`a/${'b'.repeat(254)}`), 'The name is longer than 255 characters.'],
    [named('a/b\0'), 'The name holds a control character.'],
    [named('a/b\u009b'), 'The name holds a control character.'],
    [named('a/\ud800'), 'The name is not valid Unicode.'],
    ['{"name":"a/b"}', 'The record has no version.'],
    [named('a/b', 1), 'The version is not a string.'],
    [named('a/b', ' '), 'The version is empty.'],
    [named('a/b', '1\n2'), 'The version holds a control character.'],
    [named('a/b', '1'.repeat(256)), 'The version is longer than 255 characters.'],
    [
      `{"name":"a/b","version":"1","x":${'['.repeat(100)}${']'.repeat(100)}}`,
      'The record nests deeper than 100 levels.',
    ],
  ])('%s', (text, reason) => expect(parseRecord(text)).toEqual({ reason }));
});

test('whatever the document holds, it is kept byte for byte', () => {
  fc.assert(
    fc.property(jsonText.value, (extra) => {
      const document = `{"extra":${extra},\t"name":"a/b", "version":"1"}`;
      expect(parseRecord(`{"_meta":${extra},"server":${document}}`)).toMatchObject({ document });
      expect(parseRecord(document)).toMatchObject({ document });
    }),
    { numRuns: 500 },
  );
});

test('changedAt reads a parsed record, whatever it is', () => {
  const meta = { [OFFICIAL]: { updatedAt: '2025-09-09T00:16:49.1Z' } };
  expect(changedAt({ server: {}, _meta: meta })).toBe('2025-09-09T00:16:49.1Z');
  expect([null, 1, [], {}, { _meta: [] }].map(changedAt)).toEqual([null, null, null, null, null]);
});
