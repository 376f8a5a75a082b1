import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searchWords } from '../../src/servers/search.ts';
import { aServer, createTestApp, type TestApp } from '../app.ts';
import type { Parsed } from './walk.ts';

const server = (name: string, description: string, title?: string) => ({
  server: aServer(name, '1.0.0', { description, ...(title ? { title } : {}) }),
});

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.seed([
    server('com.example/postgres', 'Ask a relational store'),
    server('com.example/pg', 'Ask a relational store', 'Postgres for all'),
    server('com.example/backup', 'Copies postgres tables away'),
    server('com.example/postgresql-tools', 'Helps with schemas'),
    server('com.example/mypostgreskit', 'A kit'),
    server('com.acme/weather', 'Forecasts for every database, 100% free', 'Weather'),
    server('com.acme/storage', 'Keeps databases and their indexes'),
    server('com.acme/mail_sender', "Sends mail, that's all"),
    server('com.acme/mailbox', 'Reads letters'),
    server('jp.example/tenki', '天気予報を調べるサーバー', '天気予報'),
    server('de.example/koeln', 'Fahrplan für Köln und Umgebung', 'Café Übersicht'),
    server('com.acme/cat', 'Draws a cat'),
    server('com.acme/cart', 'Fills a cart with goods'),
    server('com.acme/web3-io', 'Talks v2 of http/2 to node.js'),
  ]);
});
afterAll(() => app?.close());

const search = async (text: string) => {
  const { data, errors } = await app.graphql(
    'query ($text: String) { servers(filter: { search: $text }, first: 100) { totalCount edges { node { name } } } }',
    { text },
  );
  expect(errors).toBeUndefined();
  const names: string[] = data.servers.edges.map((edge: Parsed) => edge.node.name.split('/')[1]);
  expect(data.servers.totalCount).toBe(names.length);
  return names;
};
const found = async (text: string) => (await search(text)).toSorted();

describe('words are found', () => {
  test('in names before titles before descriptions', async () => {
    const names = await search('postgres');
    expect(names.slice(0, 3).toSorted()).toEqual(['mypostgreskit', 'postgres', 'postgresql-tools']);
    expect(names[0]).toBe('postgres');
    expect(names.slice(3)).toEqual(['pg', 'backup']);
  });

  test('in any case', async () => {
    expect(await search('POSTGRES')).toEqual(await search('postgres'));
    expect(await search('WeAtHeR')).toEqual(['weather']);
  });

  test('by their beginnings', async () => {
    expect(await found('postg')).toEqual(await found('postgres'));
    expect(await found('fore')).toEqual(['weather']);
    expect(await found('we')).toEqual(['weather', 'web3-io']);
  });

  test('inside of longer words', async () => {
    expect(await found('gres')).toEqual(await found('postgres'));
    expect(await found('greskit')).toEqual(['mypostgreskit']);
  });

  test('by their stems', async () => {
    expect(await found('databases')).toEqual(['storage', 'weather']);
    expect(await found('database')).toEqual(['storage', 'weather']);
    expect(await found('indexing')).toEqual(['storage']);
  });

  test('in parts of names', async () => {
    expect(await found('acme')).toEqual(['cart', 'cat', 'mail_sender', 'mailbox', 'storage', 'weather', 'web3-io']);
    expect(await found('com.acme/weather')).toEqual(['weather']);
    expect(await found('mail_sender')).toEqual(['mail_sender']);
    expect(await found('node.js')).toEqual(['web3-io']);
    expect(await found('http/2')).toEqual(['web3-io']);
    expect(await found('web3')).toEqual(['web3-io']);
  });

  test('only where all of them are', async () => {
    expect(await found('postgres tables')).toEqual(['backup']);
    expect(await found('tables   postgres')).toEqual(['backup']);
    expect(await found('postgres weather')).toEqual([]);
    expect(await found('weather forecasts free')).toEqual(['weather']);
  });
});

describe('one typo is forgiven', () => {
  test.each([
    ['a letter too few', 'wether', 'weather'],
    ['a letter too many', 'weatther', 'weather'],
    ['a wrong letter', 'weazher', 'weather'],
    ['two letters swapped', 'waether', 'weather'],
    ['at the beginning', 'qeather', 'weather'],
    ['at the end', 'weathet', 'weather'],
    ['in a title', 'umgebumg', 'koeln'],
    ['beside a right word', 'forecasts wether', 'weather'],
  ])('%s', async (_what, text, name) => {
    expect(await found(text)).toEqual([name]);
  });

  test('two are not', async () => {
    expect(await found('wethr')).toEqual([]);
    expect(await found('zzzzzzz')).toEqual([]);
  });

  test('a word that is known is never taken for another one', async () => {
    expect(await found('cat')).toEqual(['cat']);
    expect(await found('cart')).toEqual(['cart']);
    expect(await found('mailbox')).toEqual(['mailbox']);
  });
});

describe('letters of all scripts are letters', () => {
  test('Japanese, also inside of a sentence without spaces', async () => {
    expect(await found('天気予報')).toEqual(['tenki']);
    expect(await found('天気')).toEqual(['tenki']);
    expect(await found('サーバー')).toEqual(['tenki']);
    expect(await found('調べる')).toEqual(['tenki']);
    expect(await found('雨')).toEqual([]);
  });

  test('accents, in any case and either Unicode form', async () => {
    expect(await found('köln')).toEqual(['koeln']);
    expect(await found('KÖLN')).toEqual(['koeln']);
    expect(await found('Ko\u0308ln')).toEqual(['koeln']);
    expect(await found('übersicht')).toEqual(['koeln']);
    expect(await found('café')).toEqual(['koeln']);
  });
});

describe('everything else is no operator', () => {
  test.each(['%', '_', '\\', "'", '"', ':*', '&', '|', '!', '<->', '()', '%%%', '🙂', '--', ';'])(
    '%j holds no word, so it finds nothing',
    async (text) => expect(await search(text)).toEqual([]),
  );

  test.each([
    'postg%',
    "post'gres' ",
    'tables & !',
    "backup' | 'mail",
    '!backup',
    'backup:*',
    "backup\\' copies",
    'backup <-> copies',
    "'); DROP TABLE servers; --",
  ])('%j stands for its words', async (text) => {
    const words = text.match(/[a-z]+/gi) ?? [];
    expect(await search(text)).toEqual(await search(words.join(' ')));
  });

  test('a percent sign or an underscore stands for no letters', async () => {
    expect(await found('w%er')).toEqual(await found('w er'));
    expect(await found('100%')).toEqual(['weather']);
    expect(await found('mail_ox')).toEqual([]);
  });

  test('blanks alone are no search', async () => {
    expect(await search('  \t ')).toHaveLength(14);
    expect(await search('')).toHaveLength(14);
  });
});

describe('the words of a search', () => {
  test('are at most eight, each once', () => {
    expect(searchWords('a b c a d e f g h i j')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  });

  test('are nothing without letters or digits, and no search when blank', () => {
    expect(searchWords('!&|')).toEqual([]);
    expect(searchWords(' ')).toBeNull();
  });

  test.each([
    ['x'.repeat(257), 'A search is too long: at most 256 characters, not 257.'],
    ['a\0', 'A search must not contain NUL characters.'],
    ['a\ud800', 'A search is not well-formed Unicode: it holds half of a surrogate pair.'],
  ])('can not be any text', async (text, message) => {
    const { status, errors } = await app.graphql(
      'query ($text: String) { servers(filter: { search: $text }) { totalCount } }',
      { text },
    );
    expect({ status, error: errors?.[0] }).toMatchObject({
      status: 400,
      error: { message, extensions: { code: 'BAD_USER_INPUT' } },
    });
  });
});
