import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../cli/commands.ts';
import operations from '../../cli/operations.json' with { type: 'json' };
import { aServer } from '../app.ts';
import { createUser, PROGRAM, ended, type User } from './mcp.ts';
import { startCliWorld, type CliWorld } from './world.ts';

const root = resolve(import.meta.dirname, '../..');
let world: CliWorld;
let scratch: string;
let program: string;

beforeAll(async () => {
  world = await startCliWorld();
  scratch = mkdtempSync(join(tmpdir(), 'mcp-package-'));
  const home = join(scratch, 'elsewhere');
  mkdirSync(home);
  const npm = (cwd: string, ...args: string[]) => {
    const env = { PATH: process.env.PATH ?? '', HOME: scratch, npm_config_offline: 'true' };
    return execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  };
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  npm(join(root, 'cli'), 'pack', '--silent', '--ignore-scripts', '--pack-destination', scratch);
  const [tarball = ''] = readdirSync(scratch).filter((name) => name.endsWith('.tgz'));
  npm(home, 'install', ...flags, join(scratch, tarball));
  program = join(home, 'node_modules/.bin/mcp');
});
afterAll(async () => {
  await world?.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** A user whose `mcp` is the installed one. */
function installed(user: User) {
  const run = (input: string, ...args: string[]) =>
    ended(spawn(program, args, { cwd: user.folder, env: user.env }), input);
  return { mcp: (...args: string[]) => run('', ...args), type: run };
}

describe('the packed tarball, in a directory that has nothing else', () => {
  test('logs in, publishes and verifies a domain', async () => {
    const user = world.user();
    const { mcp, type } = installed(user);
    expect((await mcp('init', '--name', 'io.modelcontextprotocol.anonymous/first', '--description', 'A')).code).toBe(0);
    expect((await mcp('login', 'none')).code).toBe(0);
    const published = await mcp('publish');
    expect(`${published.stderr}${published.stdout}`).toContain(
      `${world.url}/servers/io.modelcontextprotocol.anonymous/first`,
    );

    await mcp('keygen');
    world.dns.txt('example.com', (await mcp('dns-record', 'example.com', '--json')).json().record.value);
    expect((await mcp('login', 'dns', '--domain', 'example.com')).code).toBe(0);
    user.write('server.json', aServer('com.example/weather'));
    expect((await mcp('publish', '--json')).json()).toMatchObject({ outcome: 'CREATED' });

    expect((await type(world.bob, 'login', 'token')).code).toBe(0);
    const { record } = (await mcp('verify-domain', 'example.net', '--json')).json();
    world.dns.txt('example.net', record.value);
    expect((await mcp('verify-domain', 'example.net', '--check', '--json')).json().status).toBe('VERIFIED');
    expect((await mcp('logout')).code).toBe(0);
  });

  test('is small and has no dependencies', () => {
    const folder = join(scratch, 'elsewhere/node_modules');
    expect(readdirSync(folder).filter((name) => !name.startsWith('.'))).toEqual(['mcp-registry-cli']);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const bytes = files.reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0);
    console.log(`installed: ${(bytes / 1024).toFixed(0)} kB in ${files.length} files`);
    expect(bytes).toBeLessThan(5_000_000);
  });

  test('starts at once', () => {
    const time = (...args: string[]) => {
      const start = performance.now();
      execFileSync(process.execPath, args, { stdio: 'ignore' });
      return performance.now() - start;
    };
    let [help, bare] = [Infinity, Infinity];
    // Where Node itself takes long, only how much more it is says anything.
    const limit = () => Math.max(150, 2 * bare);
    // A busy machine is given more tries, by turns, as long as this test may take.
    const end = performance.now() + 20_000;
    for (let tries = 0; tries < 10 || (help >= limit() && performance.now() < end); tries += 1) {
      bare = Math.min(bare, time('-e', '0'));
      help = Math.min(help, time(PROGRAM, '--help'));
    }
    console.log(`mcp --help: ${help.toFixed(0)} ms, of which Node itself ${bare.toFixed(0)} ms`);
    expect(help).toBeLessThan(limit());
  });
});

describe('the operations', () => {
  const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));

  test('are listed by the SHA-256 of their texts, and fit the schema', () => {
    expect(Object.keys(operations).length).toBeGreaterThan(15);
    for (const [id, text] of Object.entries(operations)) {
      expect(id).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
      expect(validate(schema, parse(text))).toEqual([]);
    }
  });
});

describe('help', () => {
  const user = createUser();

  test('names every command, the environment and the exit codes', async () => {
    const { stdout, code } = await user.mcp('--help');
    expect(code).toBe(0);
    for (const { name } of commands) expect(stdout).toMatch(new RegExp(`^  ${name.split(' ')[0]}\\b`, 'm'));
    expect(stdout).toContain('Exit codes:');
    expect((await user.mcp('--help', '--json')).json().text).toContain('Exit codes:');
    expect((await user.mcp('--version', '--json')).json().text).toMatch(/^\d+\.\d+\.\d+$/m);
  });

  test.each(commands.map(({ name, examples }) => ({ name, examples })))(
    'of $name has examples',
    async ({ name, examples }) => {
      const { stdout, code } = await user.mcp(...name.split(' '), '--help');
      expect(code).toBe(0);
      for (const example of examples) expect(stdout).toContain(`$ ${example}`);
      for (const option of ['--registry', '--json', '--quiet', '--no-color']) expect(stdout).toContain(option);
    },
  );
});

describe('completion', () => {
  const user = createUser();
  const complete = async (...words: string[]) => (await user.mcp('__complete', ...words)).stdout.trim().split('\n');

  test('knows commands, options and choices', async () => {
    expect(await complete('pu')).toEqual(['publish']);
    expect(await complete('token', '')).toEqual(expect.arrayContaining(['create', 'list', 'revoke']));
    expect(await complete('publish', '--d')).toEqual(['--dry-run']);
    expect(await complete('status', '--set', 'de')).toEqual(['deleted', 'deprecated']);
    expect(await complete('login', 'github')).toEqual(['github', 'github-oidc']);
  });

  test('works in bash', async () => {
    const { stdout } = await user.mcp('completion', 'bash');
    const script = `mcp() { '${process.execPath}' '${PROGRAM}' "$@"; }\n${stdout}\nCOMP_WORDS=(mcp log); COMP_CWORD=1; _mcp; echo "\${COMPREPLY[@]}"`;
    const found = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(found.trim()).toBe('login logout');
    expect((await user.mcp('completion', 'fish')).stdout).toContain('complete -c mcp');
    expect((await user.mcp('completion', 'zsh', '--json')).json().script).toContain('compdef _mcp mcp');
  });
});
