import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breaches } from './lint.breaches.ts';
import { clean } from './lint.clean.ts';

const root = resolve(import.meta.dirname, '../..');
const tree = join(realpathSync(mkdtempSync(join(tmpdir(), 'lint '))), 'tree');
const found = new Map<string, string[]>();

beforeAll(async () => {
  for (const { file, code } of breaches) write(file, code);
  for (const [file, code] of Object.entries(clean)) write(file, code);
  for (const file of ['eslint.config.ts', 'tsconfig.json', 'package.json']) cpSync(join(root, file), join(tree, file));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'), 'junction');
  for (const { filePath, messages } of await lint()) {
    found.set(
      relative(tree, filePath).split(sep).join('/'),
      messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
    );
  }
}, 120_000);

afterAll(() => rmSync(dirname(tree), { recursive: true, force: true }));

describe('the linter', () => {
  it.each(breaches)('finds the breach in $file', ({ file, says }) => {
    expect(found.get(file)).toEqual([expect.stringContaining(says)]);
  });

  it.each(Object.keys(clean).filter((file) => !/generated|json/.test(file)))('has nothing against %s', (file) => {
    expect(found.get(file)).toEqual([]);
  });
});

function write(file: string, code: string) {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), `${code.trim()}\n`);
}

/** Lints the planted tree with the project's own rules, as `npm run check` does. */
function lint(): Promise<{ filePath: string; messages: { ruleId: string; message: string }[] }[]> {
  const eslint = [join(root, 'node_modules/eslint/bin/eslint.js'), '--flag', 'unstable_native_nodejs_ts_config'];
  return new Promise((done, failed) => {
    execFile(
      process.execPath,
      [...eslint, '-f', 'json', '.'],
      { cwd: tree, maxBuffer: 1e8 },
      (error, stdout, stderr) => (stdout ? done(JSON.parse(stdout)) : failed(new Error(stderr, { cause: error }))),
    );
  });
}
