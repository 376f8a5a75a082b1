import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const one = { version: '1.0.0', integrity: 'sha512-one' };
const elsewhere = { version: '1.0.0', integrity: 'sha512-elsewhere', optional: true };
const wanted = { 'node_modules/one': one, 'node_modules/elsewhere': elsewhere };
const installed = { 'node_modules/one': one };

const account = 'node_modules/.package-lock.json';
const installs = `write('${account}', ${JSON.stringify(JSON.stringify({ packages: installed }))});`;
const generates = `write('src/generated/client.ts', '');`;

let scratch: string;
let folder: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'setup-'));
  folder = join(scratch, 'a path with 100% späces');
  mkdirSync(join(scratch, 'tmp'));
  write('package-lock.json', JSON.stringify({ packages: wanted }));
  write('prisma/schema.prisma', 'model Server {}');
  write('prisma.config.ts', '');
  cpSync(resolve(import.meta.dirname, '../../setup.mjs'), join(folder, 'setup.mjs'));
  plant('npm', installs);
  plant('prisma', generates);
});

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('setup', { timeout: 120_000 }, () => {
  it('installs and generates once, in a folder of any name, and says nothing on stdout', async () => {
    expect(await setUp()).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Installing packages (once)…\nGenerating the database client…\n',
    });
    expect(calls()).toEqual(['npm ci', 'prisma generate']);
    expect(await setUp()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(calls()).toEqual(['npm ci', 'prisma generate']);
  });

  it('calls no npm where the packages lie already, whoever installed them', async () => {
    write(account, JSON.stringify({ packages: installed }));
    await setUp();
    expect(calls()).toEqual(['prisma generate']);
  });

  it.each([
    ['another version', { one: { ...one, version: '1.0.1' } }],
    ['another content', { one: { ...one, integrity: 'sha512-two' } }],
    ['one more package', { one, two: one }],
  ])('installs when the lockfile asks for %s', async (_, modules) => {
    write(account, JSON.stringify({ packages: installed }));
    const packages = Object.entries(modules).map(([name, value]) => [`node_modules/${name}`, value]);
    write('package-lock.json', JSON.stringify({ packages: Object.fromEntries(packages) }));
    await setUp();
    expect(calls()).toEqual(['npm ci', 'prisma generate']);
  });

  it('generates again when the schema has changed', async () => {
    await setUp();
    write('prisma/schema.prisma', 'model Server { id Int }');
    await setUp();
    expect(calls()).toEqual(['npm ci', 'prisma generate', 'prisma generate']);
  });

  it('does again what was interrupted', async () => {
    plant('npm', `write('node_modules/one/package.json', '{}'); process.kill(process.pid, 'SIGKILL');`);
    const first = await setUp();
    expect(first.stderr).toContain(
      'setup: npm ci failed (SIGKILL) for the reason above; run again when it is mended.\n',
    );
    plant('npm', installs);
    plant('prisma', 'process.exit(3);');
    const second = await setUp();
    expect(second.stderr).toContain('setup: prisma generate failed (exit 3) for the reason above; run again when');
    plant('prisma', generates);
    const third = await setUp();
    expect([first.code, second.code, third.code]).toEqual([1, 1, 0]);
    expect(calls()).toEqual(['npm ci', 'npm ci', 'prisma generate', 'prisma generate']);
  });

  it('run twice at once installs once', async () => {
    const both = await Promise.all([setUp(), setUp()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(calls()).toEqual(['npm ci', 'prisma generate']);
    expect(both.map(({ stderr }) => stderr).join()).toContain(
      'Another process is setting up this folder; waiting for it…',
    );
  });

  it('does not wait for a process that died while it set up', async () => {
    plant('npm', `process.kill(process.ppid, 'SIGKILL');`);
    await setUp();
    expect(readdirSync(join(scratch, 'tmp'))).toHaveLength(1);
    plant('npm', installs);
    expect(await setUp()).toMatchObject({ code: 0, stdout: '' });
    expect(readdirSync(join(scratch, 'tmp'))).toEqual([]);
  });

  it('says in one line what is missing', async () => {
    rmSync(join(scratch, 'bin/npm'));
    expect(await setUp()).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Installing packages (once)…\nsetup: there is no npm on the PATH; install Node with npm and run again.\n',
    });
  });
});

function write(file: string, text: string) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** Plants a command that notes its first argument and then does `code`, in which `write` writes a file. */
function plant(name: string, code: string) {
  const script = join(scratch, `${name}.cjs`);
  writeFileSync(
    script,
    `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
     const { dirname } = require('node:path');
     appendFileSync(${JSON.stringify(join(scratch, 'calls'))}, '${name} ' + process.argv[2] + '\\n');
     const write = (file, text) => {
       mkdirSync(dirname(file), { recursive: true });
       writeFileSync(file, text);
     };
     ${code}`,
  );
  write(`../bin/${name}`, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  chmodSync(join(scratch, 'bin', name), 0o755);
}

/** The commands called so far. */
function calls(): string[] {
  const file = join(scratch, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

function setUp(): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = { PATH: join(scratch, 'bin'), TMPDIR: join(scratch, 'tmp') };
  return new Promise((done) => {
    const child = execFile(process.execPath, [join(folder, 'setup.mjs')], { env }, (_error, stdout, stderr) =>
      done({ code: child.exitCode, stdout, stderr }),
    );
  });
}
