import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer } from '../app.ts';
import type { User } from './mcp.ts';
import { startCliWorld, type CliWorld } from './world.ts';

let world: CliWorld;
let alice: User;

const NAME = 'io.github.alice/weather';
const remote = { remotes: [{ type: 'streamable-http', url: 'https://weather.example.com/mcp' }] };

beforeAll(async () => {
  world = await startCliWorld();
  alice = world.user();
  expect((await alice.type(world.alice, 'login', 'token')).code).toBe(0);
});
afterAll(() => world?.close());

/** Runs a command both ways: what people read, and the one value that programs read. */
async function both(...args: string[]) {
  const [read, parsed] = [await alice.mcp(...args), await alice.mcp(...args, '--json')];
  expect({ args, code: parsed.code, stderr: parsed.stderr.includes('mcp:') }).toEqual({
    args,
    code: read.code,
    stderr: false,
  });
  return { ...read, value: parsed.json() };
}

describe('a publisher', () => {
  test('is told who they are', async () => {
    const { code, stdout, value } = await both('whoami');
    expect(code).toBe(0);
    expect(stdout).toMatch(`alice at ${world.url} (github-at, until `);
    expect(stdout).toContain('may publish io.github.alice/*');
    expect(value).toMatchObject({ registry: world.url, subject: 'alice', method: 'github-at', isApiToken: false });
  });

  test('validates, sees what would happen, publishes and publishes again', async () => {
    alice.write('server.json', aServer(NAME, '1.0.0', remote));
    const validated = await both('validate');
    expect(validated).toMatchObject({ code: 0, stdout: 'server.json is valid.\n', value: { valid: true, issues: [] } });

    const dry = await both('publish', '--dry-run');
    expect(dry).toMatchObject({ code: 0, stdout: `Valid: ${NAME} 1.0.0 can be published; nothing was.\n` });
    expect(dry.value).toMatchObject({ outcome: 'VALID', dryRun: true });
    expect(dry.stderr).toBe(`${NAME} is new at ${world.url}.\n`);

    const page = `${world.url}/servers/${NAME}`;
    const done = await alice.mcp('publish');
    expect(done.stdout.split('\n').slice(0, 2)).toEqual([`Published ${NAME} 1.0.0`, `  ${page}`]);
    expect((await fetch(page)).status).toBe(200);

    const again = await both('publish');
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(`Published before, and nothing has changed: ${NAME} 1.0.0`);
    expect(again.value).toMatchObject({
      outcome: 'UNCHANGED',
      name: NAME,
      version: '1.0.0',
      isLatest: true,
      url: page,
    });
    const api = await fetch(again.value.api);
    expect([api.status, ((await api.json()) as { server: { version: string } }).server.version]).toEqual([
      200,
      '1.0.0',
    ]);
  });

  test('sends the file as it stands: its order, its numbers', async () => {
    alice.write(
      'exact.json',
      `{"name":"io.github.alice/exact", "version":"1.0.0","description":"Exact",
      "$schema":"https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
      "_meta":{"io.modelcontextprotocol.registry/publisher-provided":{"n":1.0, "big":12345678901234567890}}}`,
    );
    expect((await alice.mcp('publish', 'exact.json')).code).toBe(0);
    const { data } = await world.registry.graphql('{ serverVersion(name: "io.github.alice/exact") { name } }');
    expect(data.serverVersion.name).toBe('io.github.alice/exact');
    const raw = await (await world.registry.rest('/v0.1/servers/io.github.alice%2Fexact/versions/1.0.0')).text();
    expect(raw).toContain('"n":1.0, "big":12345678901234567890');
  });

  test('is shown what a new version changes', async () => {
    alice.write('server.json', { ...aServer(NAME, '1.1.0', remote), description: 'Better', title: 'Weather' });
    const { stderr } = await alice.mcp('publish', '--dry-run');
    expect(stderr).toContain('Against 1.0.0, the latest version:');
    expect(stderr).toContain('  version: 1.0.0 → 1.1.0\n');
    expect(stderr).toContain('  + title: Weather\n');
    expect((await alice.mcp('publish')).code).toBe(0);
  });

  test('is refused another document under a version, with what to do', async () => {
    alice.write('server.json', { ...aServer(NAME, '1.1.0', remote), description: 'Other' });
    const { code, stderr, value } = await both('publish');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mcp: .*1\.1\.0.*new version/m);
    expect(value.error).toMatchObject({ code: 'VERSION_EXISTS', retryable: false, existing: { version: '1.1.0' } });
  });

  test("is refused another's name, and told what is theirs", async () => {
    alice.write('other.json', aServer('io.github.bob/weather'));
    const { code, stderr, value } = await both('publish', 'other.json');
    expect(code).toBe(3);
    expect(stderr).toContain('Yours: io.github.alice/*');
    expect(value.error).toMatchObject({ code: 'NAMESPACE_FORBIDDEN' });
  });

  test('gets all issues at once, with lines', async () => {
    alice.write('bad.json', {
      ...aServer('io.github.alice/bad'),
      websiteUrl: 'nowhere',
      packages: [{ registryType: 'npm' }],
    });
    const { code, stdout, value } = await both('validate', 'bad.json');
    expect(code).toBe(1);
    expect(value.issues.length).toBeGreaterThan(2);
    expect(value.issues).toContainEqual(expect.objectContaining({ path: 'websiteUrl', severity: 'ERROR', line: 6 }));
    expect(stdout).toMatch(/^error +line 6 {2}websiteUrl: .+$/m);
    const published = await both('publish', 'bad.json');
    expect(published.code).toBe(1);
    expect(published.value.error.issues).toEqual(value.issues);
  });

  test('waits until a package is there', async () => {
    const npm = { registryType: 'npm', identifier: 'alice-late', version: '1.0.0', transport: { type: 'stdio' } };
    alice.write('late.json', aServer('io.github.alice/late', '1.0.0', { packages: [npm] }));
    const early = await both('publish', 'late.json');
    expect(early.code).toBe(4);
    expect(early.value.error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    const waiting = alice.mcp('publish', 'late.json', '--wait');
    setTimeout(() => world.upstreams.npm.publish('alice-late', '1.0.0', { mcpName: 'io.github.alice/late' }), 1_500);
    const done = await waiting;
    expect(done.code).toBe(0);
    expect(done.stderr).toMatch(/not found.*Trying again in 1 s\./);
    const given = await alice.mcp('publish', 'late.json', '--wait', '--timeout', '1');
    expect(given.code).toBe(0);
  });
});

describe('what is published', () => {
  test('is found, shown and listed', async () => {
    const found = await both('search', 'weather');
    expect(found.stdout).toMatch(new RegExp(`^${NAME} +1\\.1\\.0 +Weather: Better$`, 'm'));
    expect(found.value).toMatchObject({ totalCount: 1, servers: [{ name: NAME, version: '1.1.0' }], nextCursor: null });

    const shown = await both('show', NAME);
    expect(shown.stdout).toContain(`${NAME} 1.1.0 (active, latest)`);
    expect(shown.stdout).toContain('claude mcp add --transport http weather https://weather.example.com/mcp');
    expect(shown.value).toMatchObject({ name: NAME, document: { title: 'Weather' }, publisher: { subject: 'alice' } });
    expect((await both('show', NAME, '1.0.0')).value).toMatchObject({ version: '1.0.0', isLatest: false });

    const listed = await both('versions', NAME);
    expect(listed.stdout).toMatch(/^1\.1\.0 +active +latest +\d{4}-\d\d-\d\d$/m);
    expect(listed.value).toMatchObject({ totalCount: 2, versions: [{ version: '1.1.0' }, { version: '1.0.0' }] });
    expect((await both('versions', NAME, '--limit', '1')).value.versions).toHaveLength(1);
  });

  test.each([
    ['show', 'io.github.alice/none'],
    ['show', NAME, '9.9.9'],
    ['versions', 'io.github.alice/none'],
    ['status', 'io.github.alice/none', '1.0.0', '--set', 'deleted', '--yes'],
  ])('%s %s is refused where there is none', async (...args) => {
    const { code, value, stderr } = await both(...args);
    expect([code, value.error.code]).toEqual([1, 'NOT_FOUND']);
    expect(stderr.trim().split('\n').at(-1)).toMatch(/^mcp: There is no .*`mcp /);
  });

  test('changes are told, the newest when nothing is said', async () => {
    const { value, stdout } = await both('changes', '--after', '0', '--limit', '2');
    expect(value).toMatchObject({ revision: 2, hasMore: true, changes: [{ revision: 1, kind: 'PUBLISHED' }, {}] });
    expect(stdout).toMatch(new RegExp(`^1 +\\S+Z +published +${NAME} 1\\.0\\.0`, 'm'));
    const newest = await both('changes', '--limit', '1');
    expect(newest.value).toMatchObject({ hasMore: false, changes: [{ version: { name: 'io.github.alice/late' } }] });
  });

  test('its status is changed, options before and behind, one or all', async () => {
    const one = await alice.mcp('status', '--set', 'deprecated', NAME, '1.0.0', '--message', 'Use 1.1.0.', '--yes');
    expect(one).toMatchObject({ code: 0, stdout: `${NAME} 1.0.0 is deprecated now.\n` });
    expect(one.stderr).toContain('  1.0.0: active → deprecated\n');
    const two = await alice.mcp('status', NAME, '1.0.0', '--set=deprecated', '--message=Old.', '--yes', '--json');
    expect(two.json()).toEqual({ name: NAME, version: '1.0.0', status: 'DEPRECATED', statusMessage: 'Old.' });
    const all = await alice.mcp('status', NAME, '--all-versions', '--set', 'deleted', '-y');
    expect(all.code).toBe(0);
    expect(all.stderr).toContain(`This changes 2 of ${NAME}:`);
    expect((await both('show', NAME)).code).toBe(1);
    expect((await both('show', NAME, '1.1.0')).value.status).toBe('DELETED');
    const back = await alice.mcp('status', NAME, '--all-versions', '--set', 'active', '-y', '--json');
    expect(back.json()).toEqual({ name: NAME, status: 'ACTIVE', updatedCount: 2 });
  });

  test('its status is not changed without a terminal to ask on, nor by halves', async () => {
    for (const args of [
      [NAME, '1.0.0', '--set', 'deleted'],
      [NAME, '--set', 'deleted', '--yes'],
      [NAME, '1.0.0', '--all-versions', '--set', 'deleted', '--yes'],
      [NAME, '1.0.0', '--yes'],
      [NAME, '1.0.0', '--set', 'gone', '--yes'],
    ]) {
      expect((await both('status', ...args)).code).toBe(2);
    }
  });
});

describe('API tokens', () => {
  test('are made, listed, used and revoked', async () => {
    const made = await alice.mcp(
      'token',
      'create',
      'ci',
      '--for',
      'io.github.alice/*',
      '--action',
      'publish',
      '--json',
    );
    const { token, id } = made.json();
    expect(token).toMatch(/^mcpr_/);
    const quiet = await alice.mcp('token', 'create', 'cd', '--for', 'io.github.alice/*', '--quiet');
    expect(quiet).toMatchObject({ stderr: '', stdout: expect.stringMatching(/^mcpr_\S+\n$/) });

    const listed = await both('token', 'list');
    expect(listed.value.tokens).toHaveLength(2);
    expect(listed.stdout).toContain(id);
    expect(listed.stdout).not.toContain(token);

    const ci = world.user({ MCP_REGISTRY_TOKEN: token });
    ci.write('server.json', aServer('io.github.alice/ci'));
    expect((await ci.mcp('publish', '--json')).json()).toMatchObject({ outcome: 'CREATED' });
    expect((await ci.mcp('whoami', '--json')).json()).toMatchObject({ isApiToken: true });

    expect((await alice.mcp('token', 'revoke', id)).stdout).toBe(`Revoked ${id}.\n`);
    expect((await both('token', 'revoke', id)).value.error.code).toBe('NOT_FOUND');
    const ended = await ci.mcp('publish');
    expect([ended.code, ended.stdout]).toEqual([3, '']);
    expect(ended.stderr).toMatch(/^mcp: .+/);
  });

  test('need to be good for something', async () => {
    expect((await both('token', 'create', 'ci')).code).toBe(2);
    expect((await both('token', 'create', 'ci', '--for', 'io.github.bob/*')).code).toBe(3);
  });
});

test('the registry knew every operation by its id', () => {
  const asked = world.registry.logged().filter(({ path }) => path === '/graphql');
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter(({ status }) => status === 400 || status === 404)).toEqual([]);
});
