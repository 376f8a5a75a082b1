// Runs before every script, on whatever Node the machine has: installs what is missing and generates the database client.
// That first Node may be old, so nothing here is newer than Node 18.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const lock = join(tmpdir(), `mcp-registry-setup-${sha256(root).slice(0, 16)}.lock`);
const longest = 15 * 60_000;
const account = 'node_modules/.package-lock.json';
const stamp = 'src/generated/.setup';

process.chdir(root);
process.env.PATH = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
try {
  if (!installed() || !generated()) withLock(setup);
  if (!runsTypeScript() && !hasOwnNode()) {
    throw new Error(
      `Node ${process.versions.node} is too old and npm has none for this machine; install Node 22.19 or later.`,
    );
  }
} catch (error) {
  console.error(`setup: ${error.message}`);
  process.exitCode = 1;
}

function setup() {
  const flags = ['--ignore-scripts', '--include=dev', '--engine-strict=false', '--loglevel=error'];
  if (!installed()) {
    console.error('Installing packages (once)…');
    run('npm', ['ci', ...flags]);
    if (!runsTypeScript() && hasOwnNode()) {
      // npm leaves out what the Node it runs on is too old for; the one that it has just installed is not.
      rmSync(account);
      run('npm', ['install', '--no-save', ...flags]);
    }
  }
  if (!generated()) {
    console.error('Generating the database client…');
    rmSync(stamp, { force: true });
    run('prisma', ['generate', '--no-hints']);
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, inputs());
  }
}

function runsTypeScript() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 19);
}

function hasOwnNode() {
  return existsSync('node_modules/.bin/node') || existsSync('node_modules/.bin/node.cmd');
}

/** Whether node_modules holds what package-lock.json asks for, by the account of it that npm writes there last. */
function installed() {
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  let there;
  try {
    there = JSON.parse(readFileSync(account, 'utf8')).packages;
  } catch {
    return false;
  }
  return Object.entries(wanted).every(([path, { version, integrity, link, optional }]) => {
    if (!path.startsWith('node_modules/') || link || (optional && !there[path])) return true;
    return there[path]?.version === version && there[path].integrity === integrity;
  });
}

/** Whether the database client was generated from the present schema, to its end. */
function generated() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs();
}

/** A hash of all that the generated client depends on. */
function inputs() {
  return sha256(
    ['package-lock.json', 'prisma.config.ts', 'prisma/schema.prisma'].map((file) => readFileSync(file)).join(),
  );
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

/** Runs a command with its output on stderr, so that a script's own stdout stays clean. */
function run(command, args) {
  const { error, status, signal } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  });
  if (status === 0) return;
  if (error?.code === 'ENOENT') {
    throw new Error(`there is no ${command} on the PATH; install Node with npm and run again.`);
  }
  const reason = error?.message ?? signal ?? `exit ${status}`;
  throw new Error(`${command} ${args[0]} failed (${reason}) for the reason above; run again when it is mended.`);
}

/** Does `work` while no other process does it in this folder. */
function withLock(work) {
  for (let waits = 0; !takeLock(); waits++) {
    if (waits === 0) console.error('Another process is setting up this folder; waiting for it…');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (isAbandoned()) rmSync(lock, { force: true });
  return false;
}

/** Whether the lock's holder is gone, or has held it for longer than any set-up takes. */
function isAbandoned() {
  try {
    if (Date.now() - statSync(lock).mtimeMs > longest) return true;
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
