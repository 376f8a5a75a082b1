import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Whether this checkout's history has a commit; a copy without history, or a shallow one, has not. */
export const hasCommit = (commit: string): boolean =>
  spawnSync('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: root, stdio: 'ignore' }).status === 0;

/** Lays an earlier release into a folder of its own, with its own client of the database; packages are this checkout's. */
export function layOut(commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'previous-release-'));
  const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 1e9 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const prisma = join(root, 'node_modules/prisma/build/index.js');
  const env = { ...process.env, CHECKPOINT_DISABLE: '1' };
  execFileSync(process.execPath, [prisma, 'generate', '--no-hints'], { cwd: folder, env, stdio: 'pipe' });
  return folder;
}
