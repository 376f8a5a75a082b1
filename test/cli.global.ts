import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Builds the client, whose tests run the program that users get: a moment's work, so it is always the present one. */
export default function setup(): void {
  execFileSync(process.execPath, ['build.mjs'], {
    cwd: resolve(import.meta.dirname, '../cli'),
    stdio: ['ignore', 2, 2],
  });
}
