import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer } from '../app.ts';
import { alice } from '../auth/principals.ts';
import { hasTerminal, onTerminal } from './terminal.ts';
import { startCliWorld, type CliWorld } from './world.ts';

let world: CliWorld;

beforeAll(async () => void (world = await startCliWorld()));
afterAll(() => world?.close());

if (!hasTerminal) console.log('!!! LEFT OUT: there is no util-linux `script`, so nothing ran on a terminal. !!!');

describe.skipIf(!hasTerminal)('on a terminal', { timeout: 60_000 }, () => {
  test('a first run takes few keys and seconds: init, login none, publish, show', async () => {
    const user = world.user();
    const start = performance.now();
    const name = 'io.modelcontextprotocol.anonymous/first';
    let keys = 0;
    const run = async (line: string, typed: [see: string | RegExp, press: string][] = []) => {
      const session = onTerminal(user, ...line.split(' ').slice(1));
      for (const [see, press] of typed) {
        await session.see(see);
        session.press(press);
      }
      expect([line, await session.exit, session.screen()]).toEqual([line, 0, expect.anything()]);
      keys += line.length + 1 + session.keystrokes();
      return session.screen();
    };
    await run('mcp init', [
      ['What is the server called?', `${name}\r`],
      ['What does it do', 'My first\r'],
      ['Which version', '\r'],
      ['Where does it answer', 'https://first.example.com/mcp\r'],
    ]);
    expect(JSON.parse(user.read('server.json'))).toMatchObject({ name, version: '1.0.0', description: 'My first' });
    await run('mcp login none');
    expect(await run('mcp publish')).toContain(`${world.url}/servers/${name}`);
    expect(await run(`mcp show ${name}`)).toContain('claude mcp add --transport http first');
    const seconds = (performance.now() - start) / 1_000;
    console.log(`first run: ${keys} keystrokes, ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(60);
  });

  test('every command is as good on a terminal as in a pipe', async () => {
    const user = world.user({ MCP_DNS_SERVER: world.dns.address });
    await user.type(world.alice, 'login', 'token');
    user.write('server.json', aServer('io.github.alice/rain'));
    await user.mcp('publish');
    await user.mcp('keygen', '--out', 'mcp-key.pem');
    for (const args of [
      ['whoami'],
      ['validate'],
      ['publish'],
      ['search', 'rain'],
      ['show', 'io.github.alice/rain'],
      ['versions', 'io.github.alice/rain'],
      ['changes', '--after', '0', '--limit', '1'],
      ['token', 'list'],
      ['dns-record', 'example.com'],
      ['completion', 'zsh'],
      ['publish', '--help'],
      ['verify-domain', 'example.net'],
    ]) {
      const [session, piped] = [onTerminal(user, ...args), await user.mcp(...args)];
      const code = await session.exit;
      const words = (text: string) => new Set(text.split(/\s+/));
      const missing = words(piped.stdout).difference(words(session.screen()));
      // A line may be folded, or cut where the terminal ends.
      expect([args, code, missing.size <= 3]).toEqual([args, piped.code, true]);
    }
  });

  test('a login at GitHub shows and copies the code, opens the browser, and slows down when told', async () => {
    const user = world.user();
    user.write('browser', '#!/bin/sh\necho "$1" > opened\n');
    chmodSync(join(user.folder, 'browser'), 0o755);
    user.env.BROWSER = join(user.folder, 'browser');
    world.github.device.next('authorization_pending', 'slow_down');
    const session = onTerminal(user, 'login', 'github');
    await session.see(/Type the code (\w{4}-\w{4}) /);
    const [code = ''] = world.github.device.userCodes();
    expect(session.screen()).toContain(code);
    expect(session.raw()).toContain(`\u001b]52;c;${Buffer.from(code).toString('base64')}\u0007`);
    world.github.device.approve(code, alice.id);
    expect(await session.exit).toBe(0);
    expect(session.screen()).toContain(`Logged in to ${world.url} as alice`);
    expect(readFileSync(join(user.folder, 'opened'), 'utf8')).toBe(`${world.github.apiUrl}/login/device\n`);
    const [first = 0, second = 0, third = 0] = world.github.device.polls;
    expect(world.github.device.polls).toHaveLength(3);
    expect(second - first).toBeGreaterThan(900);
    expect(third - second).toBeGreaterThan(1_900);
  });

  test('a login that is denied at GitHub ends in 3', async () => {
    const user = world.user({ BROWSER: 'true' });
    const session = onTerminal(user, 'login', 'github', '--no-browser');
    await session.see('Type the code');
    world.github.device.deny(world.github.device.userCodes().at(-1)!);
    expect(await session.exit).toBe(3);
    expect(session.screen()).toContain('mcp: The login was refused at GitHub');
  });

  test('who does not say how is asked, and shown what the registry takes', async () => {
    const user = world.user();
    const session = onTerminal(user, 'login');
    await session.see(/How do you log in\?[^]*for a trial/);
    session.press('\u001b[A\r');
    expect(await session.exit).toBe(0);
    expect(session.screen()).toContain('as anonymous (none, ');
  });

  test('a token is typed unseen', async () => {
    const user = world.user();
    const session = onTerminal(user, 'login', 'token');
    await session.see('The API token');
    session.press(`${world.alice}\r`);
    expect(await session.exit).toBe(0);
    expect(session.raw()).not.toContain(world.alice);
  });

  test('a status is changed when it is confirmed, and only then', async () => {
    const user = world.user();
    await user.type(world.alice, 'login', 'token');
    user.write('server.json', aServer('io.github.alice/weather'));
    await user.mcp('publish');
    const args = ['status', 'io.github.alice/weather', '--all-versions', '--set', 'deleted'];
    for (const [keys, code] of [
      ['n', 1],
      ['\u0003', 130],
      ['y', 0],
    ] as const) {
      const session = onTerminal(user, ...args);
      await session.see('Change it?');
      expect(session.screen()).toContain('1.0.0: active → deleted');
      session.press(keys);
      expect([keys, await session.exit]).toEqual([keys, code]);
    }
    expect((await user.mcp('show', 'io.github.alice/weather')).code).toBe(1);
  });

  test('init asks before it overwrites, and Ctrl-C leaves what was there', async () => {
    const user = world.user();
    user.write('server.json', 'mine');
    const refused = onTerminal(user, 'init');
    await refused.see('Overwrite it?');
    refused.press('n');
    expect(await refused.exit).toBe(1);
    const stopped = onTerminal(user, 'init', '--force');
    await stopped.see('What is the server called?');
    stopped.press('\u0003');
    expect(await stopped.exit).toBe(130);
    expect(user.read('server.json')).toBe('mine');
  });

  test('there are colours, unless NO_COLOR or --no-color; and one value by --json, where nothing is asked', async () => {
    const user = world.user();
    const colours = async (...args: string[]) => {
      const session = onTerminal(user, ...args);
      await session.exit;
      return /\u001b\[\d+m/.test(session.raw());
    };
    await user.mcp('login', 'none');
    expect(await colours('whoami')).toBe(true);
    expect(await colours('whoami', '--no-color')).toBe(false);
    user.env.NO_COLOR = '1';
    expect(await colours('whoami')).toBe(false);
    delete user.env.NO_COLOR;
    const parsed = onTerminal(user, 'init', '--json');
    expect(await parsed.exit).toBe(2);
    expect(JSON.parse(parsed.raw())).toMatchObject({ error: { code: 'USAGE' } });
    expect(existsSync(join(user.folder, 'server.json'))).toBe(false);
  });
});
