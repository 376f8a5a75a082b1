import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Counts } from './counts.ts';

const root = resolve(import.meta.dirname, '../..');

/** One check: arguments for Node, and the file without which it has nothing to check. */
export type Check = { name: string; needs: string; args: string[] };

const typescript = 'node_modules/typescript/bin/tsc';

/** What `npm run check` runs: types, rules, format, and whether each generated file that is committed is up to date. */
export const checks: Check[] = [
  { name: 'types', needs: 'tsconfig.json', args: [typescript, '--noEmit'] },
  { name: 'types of cli', needs: 'cli/tsconfig.json', args: [typescript, '--noEmit', '-p', 'cli'] },
  {
    name: 'lint',
    needs: 'eslint.config.ts',
    args: [
      'node_modules/eslint/bin/eslint.js',
      ...['--flag', 'unstable_native_nodejs_ts_config', '--max-warnings', '0', '.'],
    ],
  },
  {
    name: 'format',
    needs: '.prettierrc.json',
    args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  },
  { name: 'drift of schema.graphql', needs: 'src/schema.print.ts', args: ['src/schema.print.ts', '--check'] },
  { name: 'drift of cli/gql and cli/operations.json', needs: 'codegen.ts', args: ['codegen.ts', '--check'] },
];

/** Runs checks side by side; prints a line for each with its time, and the whole output of those that fail. */
export async function runChecks(list: Check[] = checks, folder = root): Promise<Counts> {
  const outcomes = await Promise.all(list.map((check) => runCheck(check, folder)));
  const count = (outcome: string) => outcomes.filter((it) => it === outcome).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

async function runCheck({ name, needs, args }: Check, folder: string): Promise<keyof Counts> {
  if (!existsSync(join(folder, needs))) {
    console.log(`skip  ${name}: there is no ${needs}`);
    return 'skipped';
  }
  const start = performance.now();
  const { code, output } = await runNode(args, folder);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(code === 0 ? `ok    ${name} (${seconds} s)` : `FAIL  ${name} (${seconds} s)\n${output.trimEnd()}\n`);
  return code === 0 ? 'passed' : 'failed';
}

function runNode(args: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => done({ code, output }));
  });
}
