import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { countTests, type Counts } from './counts.ts';

const root = resolve(import.meta.dirname, '../..');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

/** Runs vitest once, with its report on this process's own output unless that is to be quiet, and counts its tests. */
export async function runVitest(args: string[], { folder = root, quiet = false } = {}): Promise<Counts> {
  const scratch = mkdtempSync(join(tmpdir(), 'vitest-'));
  const file = join(scratch, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const exitCode = await run([...reporters, ...args], folder, quiet ? 'ignore' : 'inherit');
    return countTests(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined, exitCode);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function run(args: string[], cwd: string, output: 'inherit' | 'ignore'): Promise<number | null> {
  const child = spawn(process.execPath, [vitest, 'run', '--allowOnly=false', ...args], {
    cwd,
    stdio: ['ignore', output, output],
  });
  const stop = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGTERM', stop).on('SIGINT', stop);
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('exit', (code) => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      done(code);
    });
  });
}
