import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BackupError } from './backup-error.ts';

/** The file that a backup goes to: the one named, or one named by the time in the folder named, which is made. */
export function fileFor(target: string, now: Date): string {
  const isFolder = target.endsWith('/') || statSync(target, { throwIfNoEntry: false })?.isDirectory();
  if (!isFolder) return target;
  try {
    mkdirSync(target, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new BackupError(`The folder ${target} can't be made (${(error as NodeJS.ErrnoException).code}).`);
  }
  return join(target, `registry-${now.toISOString().replace(/[-:]|\.\d+/g, '')}.zip`);
}

const NAME = /^registry-\d{8}T\d{6}Z\.zip$/;
const DAY_MS = 86_400_000;

/** Removes all but the newest backups of a folder, and what a backup that was killed left a day ago. */
export function keepNewest(folder: string, keep: number): void {
  const files = readdirSync(folder).toSorted().reverse();
  const old = files.filter((name) => NAME.test(name)).slice(keep);
  const left = files.filter(
    (name) => NAME.test(name.replace(/\.part$/, '')) && name.endsWith('.part') && isOld(join(folder, name)),
  );
  for (const name of [...old, ...left]) rmSync(join(folder, name), { force: true });
}

const isOld = (path: string): boolean => Date.now() - statSync(path).mtimeMs > DAY_MS;
