import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runChecks } from './checks.ts';
import { addCounts, countLine, countTests } from './counts.ts';
import { runVitest } from './vitest.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'counts ')));
  symlinkSync(resolve(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'), 'junction');
  write('vitest.config.mjs', `export default { test: { include: ['*.test.mjs'] } };`);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the count of a vitest run', { timeout: 120_000 }, () => {
  it('is that of its tests', async () => {
    write('good.test.mjs', `it('a', () => {}); it('b', () => {}); it.skip('c', () => {}); it.todo('d');`);
    expect(await run()).toEqual({ passed: 2, failed: 0, skipped: 2 });
  });

  it('has a failure for each failed test, broken file and broken set-up', async () => {
    write('bad.test.mjs', `it('a', () => {}); it('b', () => { throw new Error('no'); });`);
    write('broken.test.mjs', `throw new Error('not even loaded');`);
    write('setup.test.mjs', `beforeAll(() => { throw new Error('no'); }); it('a', () => {});`);
    expect(await run()).toEqual({ passed: 1, failed: 3, skipped: 1 });
  });

  it('has a failure for what breaks beside the tests', async () => {
    write('stray.test.mjs', `it('a', () => { setTimeout(() => { throw new Error('late'); }); });`);
    expect(await run()).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('has a failure for a focused test', async () => {
    write('only.test.mjs', `it.only('a', () => {}); it('b', () => {});`);
    expect(await run()).toMatchObject({ failed: 1 });
  });

  it('has a failure when no test ran', async () => {
    write('good.test.mjs', `it('a', () => {});`);
    expect(await run('elsewhere')).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('has a failure when all was skipped, or vitest left no report', () => {
    const skipped = { testResults: [{ status: 'passed', assertionResults: [{ status: 'skipped' }] }] };
    expect(countTests(skipped, 0)).toEqual({ passed: 0, failed: 1, skipped: 1 });
    expect(countTests(undefined, null)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countTests(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('the checks', () => {
  it('are counted like tests, and a failing one shows all it said', async () => {
    const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const node = (code: string) => ({ needs: 'vitest.config.mjs', args: ['-e', code] });
    const counts = await runChecks(
      [
        { name: 'sound', ...node('') },
        { name: 'broken', ...node(`console.log('first'); console.error('second'); process.exit(3)`) },
        { name: 'drift', needs: 'absent.ts', args: ['absent.ts'] },
      ],
      folder,
    );
    const said = lines.mock.calls.map(([line]) => String(line));
    lines.mockRestore();
    expect(counts).toEqual({ passed: 1, failed: 1, skipped: 1 });
    expect(said).toContain('skip  drift: there is no absent.ts');
    expect(said).toContainEqual(expect.stringMatching(/^ok {4}sound \(\d+\.\d s\)$/));
    expect(said).toContainEqual(expect.stringMatching(/^FAIL {2}broken \(\d+\.\d s\)\nfirst\nsecond\n$/));
  });

  it('and the tests end in one line', () => {
    const both = addCounts({ passed: 4, failed: 0, skipped: 1 }, { passed: 90, failed: 2, skipped: 0 });
    expect(countLine(both)).toBe('94 passed, 2 failed, 1 skipped');
  });
});

function write(file: string, code: string) {
  const head = file.endsWith('.test.mjs') ? `import { beforeAll, it } from 'vitest';\n` : '';
  writeFileSync(join(folder, file), head + code);
}

function run(...args: string[]) {
  return runVitest(args, { folder, quiet: true });
}
