import { createServer } from 'node:https';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer } from '../app.ts';
import { signed } from '../auth/principals.ts';
import { makeCertificate } from '../external/certificate.ts';
import type { User } from './mcp.ts';
import { freePort } from '../free-port.ts';
import { startCliWorld, type CliWorld } from './world.ts';

let world: CliWorld;
let user: User;

beforeAll(async () => {
  world = await startCliWorld({ ENABLE_ANONYMOUS_AUTH: 'false' });
  user = world.user();
  user.write('server.json', aServer('io.github.alice/weather'));
  mkdirSync(join(user.folder, 'folder'));
});
afterAll(() => world?.close());

/** One sentence on stderr without a stack, the same as the one JSON value on stdout, and the exit code. */
async function refusal(...args: string[]): Promise<string> {
  const [read, parsed] = await Promise.all([user.mcp(...args), user.mcp(...args, '--json')]);
  expect(read.stdout).toBe('');
  const { error } = parsed.json();
  expect([parsed.code, parsed.stderr]).toEqual([read.code, expect.not.stringContaining('mcp:')]);
  expect(read.stderr).toContain(`mcp: ${error.message}`);
  expect(read.stderr).not.toMatch(/^ +at /m);
  return `${read.code} ${error.code}: ${error.message}`;
}

describe('a file', () => {
  test.each([
    ['nothing.json', /^2 USAGE: There is no nothing\.json: `mcp init` writes one/],
    ['folder', /^2 USAGE: folder is a directory: name the file, such as folder\/server\.json\.$/],
  ])('%s can not be worked with', async (file, said) => {
    for (const command of ['validate', 'publish']) expect(await refusal(command, file)).toMatch(said);
  });

  test.each([
    ['{\n  "name": "a/b",\n}', '3:1', /there is } where a name in double quotes should be/],
    ['{ "name": "a/b" "version": "1" }', '1:17', /where "," or "}" should be/],
    ["{ 'name': 1 }", '1:3', /there is "'" where a name in double quotes/],
    ['{ "name": "a\nb" }', '1:11', /a string that does not end/],
    ['{ "name": nul }', '1:11', /there is "n" where a value/],
    ['{ "name": 01 }', '1:12', /where "," or "}" should be/],
    ['{}\n{}', '2:1', /there is more text/],
    ['', '1:1', /the text ends where a value/],
    ['[', '1:2', /the text ends/],
    ['{ "a": [1, 2 }', '1:14', /there is } where "," or "\]" should be/],
    ['[]', '1:1', /one object in braces/],
    [`${'['.repeat(2000)}`, '1:502', /nested too deep/],
  ])('%j is told with line and column', async (text, place, said) => {
    user.write('bad.json', text);
    const sentence = await refusal('validate', 'bad.json');
    expect(sentence).toMatch(said);
    expect(sentence.startsWith(`2 INVALID_JSON: bad.json:${place}: `)).toBe(true);
  });

  test('with things missing is told of offline too', async () => {
    user.write('bad.json', '{ "name": 1 }');
    const { code, stdout } = await user.mcp('validate', '--offline', 'bad.json', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).issues.map((issue: { path: string }) => issue.path)).toEqual([
      ...['$schema', 'description', 'version', 'name'],
    ]);
    const published = await refusal('publish', 'bad.json');
    expect(published).toBe('1 VALIDATION_FAILED: bad.json is not valid: 4 things to mend.');
  });
});

describe('a command line', () => {
  test.each([
    [['publish', '--dryrun'], /^2 USAGE: Unknown option '--dryrun'.*--dry-run/],
    [['pubish'], /^2 USAGE: Unknown command 'pubish'.*publish/],
    [['show'], /^2 USAGE: Missing required argument 'name'/],
    [['whoami', 'me'], /^2 USAGE: Too many arguments/],
    [['search', 'a', '--limit', '1000'], /^2 USAGE: --limit must be a number from 1 to 100, not "1000"\.$/],
    [['search', 'a', '--after', 'x', '--limit'], /^2 USAGE: Option '--limit <number>' argument missing/],
    [['whoami', '--registry', 'localhost'], /^2 USAGE: "localhost" is no address of a registry/],
    [['whoami', '--registry', 'https://me:secret@example.com'], /^2 USAGE: .* holds no password/],
    [['token', 'create', 'a', '--for', 'a/*', '--days', '0'], /^2 USAGE: --days must be/],
    [['completion', 'tcsh'], /^2 USAGE: .*Allowed choices are bash, zsh, fish/],
    [
      ['login', 'dns', '--domain', 'example.com'],
      /^2 USAGE: There is no key file .*mcp-key\.pem: `mcp keygen` makes one/,
    ],
    [['search', 'a', '--after', 'nonsense'], /^1 INVALID_CURSOR: /],
  ])('%j', async (args, said) => {
    expect(await refusal(...args)).toMatch(said);
  });
});

describe('a login', () => {
  test('that is absent, expired, foreign or refused ends in 3', async () => {
    expect(await refusal('publish')).toMatch(/^3 UNAUTHENTICATED: You are not logged in to .*`mcp login`/);
    user.env.MCP_REGISTRY_TOKEN = await signed(world, { publicUrl: world.url, now: new Date(Date.now() - 7_200_000) });
    expect(await refusal('publish')).toMatch(/^3 UNAUTHENTICATED: /);
    user.env.MCP_REGISTRY_TOKEN = 'eyJhbGciOiJFZERTQSJ9.e30.c2ln';
    expect(await refusal('publish')).toMatch(/^3 UNAUTHENTICATED: /);
    expect(await refusal('whoami')).toMatch(/^3 UNAUTHENTICATED: /);
    user.env.MCP_REGISTRY_TOKEN = 'two words';
    expect(await refusal('whoami')).toMatch(/^3 UNAUTHENTICATED: MCP_REGISTRY_TOKEN holds no token/);
    delete user.env.MCP_REGISTRY_TOKEN;
    expect(await refusal('login', 'none')).toMatch(/^1 NOT_ENABLED: /);
  });

  test('file that is damaged says so', async () => {
    const other = world.user();
    other.write('../.config/mcp-registry/logins.json', '{');
    expect((await other.mcp('whoami')).stderr).toMatch(
      /^mcp: .*logins\.json.*is damaged: delete it and log in again\.\n$/,
    );
  });
});

describe('a registry', () => {
  test('that is down is worth another try', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await refusal('search', 'a', '--registry', url)).toMatch(
      /^4 UNREACHABLE: The registry at 127\.0\.0\.1:\d+ can not be reached \(connection refused\)/,
    );
    expect(await refusal('changes', '--follow', '--registry', url)).toMatch(/^4 UNREACHABLE/);
  });

  test('that nobody knows the name of', async () => {
    expect(await refusal('search', 'a', '--registry', 'https://registry.invalid')).toMatch(
      /^4 UNREACHABLE: .*registry\.invalid/,
    );
  });

  test('whose certificate is not to be trusted', async () => {
    const server = createServer(makeCertificate(['localhost']), (_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const said = await refusal('search', 'a', '--registry', `https://localhost:${port}`);
    server.close();
    expect(said).toMatch(
      /^4 UNREACHABLE: The certificate of localhost:\d+ is not to be trusted \(\w+\): .*NODE_EXTRA_CA_CERTS/,
    );
  });
});
