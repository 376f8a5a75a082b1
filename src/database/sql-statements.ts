export interface Statement {
  /** The line its first word stands on, from 1. */
  line: number;
  text: string;
}

const TOKEN = new RegExp(
  [
    String.raw`(?<skip>--[^\n]*|/\*[^]*?\*/|\s+)`,
    String.raw`(?<end>;)`,
    String.raw`\$(?<tag>[A-Za-z_]\w*)?\$[^]*?\$\k<tag>\$`,
    String.raw`\bBEGIN\s+ATOMIC\b[^]*?\bEND\b(?=\s*;)`,
    String.raw`E'(?:[^'\\]|\\.|'')*'`,
    `'(?:[^']|'')*'`,
    `"(?:[^"]|"")*"`,
    String.raw`[\w$]+`,
    '[^]',
  ].join('|'),
  'gi',
);

/** Splits an SQL script at the semicolons that end statements, for telling where something went wrong. */
export function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let start = -1;
  for (const token of sql.matchAll(TOKEN)) {
    if (token.groups?.skip) continue;
    if (start < 0 && !token.groups?.end) start = token.index;
    if (!token.groups?.end) continue;
    if (start >= 0) statements.push({ line: lineAt(sql, start), text: sql.slice(start, token.index) });
    start = -1;
  }
  if (start >= 0) statements.push({ line: lineAt(sql, start), text: sql.slice(start) });
  return statements;
}

/** The line, from 1, of an offset in a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
