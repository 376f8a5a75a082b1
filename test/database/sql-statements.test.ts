import { expect, test } from 'vitest';
import { lineAt, splitStatements } from '../../src/database/sql-statements.ts';

test('a script is split at the semicolons that end statements, and at no other', () => {
  const statements = [
    "SELECT ';', E'it\\'s; ok', 'it''s; ok'",
    'SELECT "odd;name", $1 FROM a$b',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $body$ SELECT 1; $$;$$ $body$',
    'CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END',
    'DO $$ BEGIN PERFORM 1; END $$',
    'SELECT 1 -- a comment; with one\n  + 2 /* and; another */',
  ];
  const script = `-- first;\n${statements.join(';\n\n')};\n;\n-- last;\n`;
  expect(splitStatements(script).map(({ text }) => text.trim())).toEqual(statements);
});

test('a statement is at the line of its first word', () => {
  const script = '\n-- why\n\nSELECT 1;SELECT 2;\n/* a\n b */ SELECT 3';
  expect(splitStatements(script).map(({ line }) => line)).toEqual([4, 4, 6]);
  expect(splitStatements(' -- nothing\n')).toEqual([]);
  expect(lineAt('a\nb', 2)).toBe(2);
});
