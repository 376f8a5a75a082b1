import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { envOf } from '../../src/auth/domain-verifications.ts';
import { createKeyFileReader } from '../../src/external/key-file.ts';
import { recheckVerifications } from '../../src/namespaces/recheck.ts';
import { ed25519Key, type DomainKey } from '../auth/keys.ts';
import { domainLogin, publishKey, startAuthWorld, type AuthWorld } from '../auth/outside.ts';
import { mayPublish } from './world.ts';

const HOUR_MS = 3_600_000;

let world: AuthWorld;

beforeAll(async () => {
  world = await startAuthWorld();
});

afterAll(() => world.close());

beforeEach(async () => {
  world.clock.offsetMs = 0;
  await world.registry.app.db.sql('DELETE FROM domain_verifications');
});

/** Asks again so many hours after the key was proved. */
function recheckAt(hours: number, env: object = {}) {
  world.clock.offsetMs = hours * HOUR_MS + 1_000;
  return recheckVerifications({ ...envOf(world.registry.app), ...env }, world.now());
}

describe('the proof of a key', () => {
  const say = async (key: DomainKey, method: 'dns' | 'http') =>
    mayPublish(world, await domainLogin(world, 'example.com', key, method), 'com.example/weather');

  test('in DNS is asked for like a record; another key of the domain is one too', async () => {
    const key = publishKey(world, 'example.com');
    const token = await domainLogin(world, 'example.com', key);
    publishKey(world, 'example.com', ed25519Key());
    expect(await recheckAt(24)).toEqual({ asked: 1, suspended: 0 });
    world.dns.txt('example.com', 'v=spf1 -all', 'v=MCPv1 without a key');
    for (const hours of [48, 72, 96]) expect(await recheckAt(hours)).toEqual({ asked: 1, suspended: 0 });
    expect(await recheckAt(120)).toEqual({ asked: 1, suspended: 1 });
    world.clock.offsetMs = 0;
    expect(await mayPublish(world, token, 'com.example/weather')).toBe('NAMESPACE_FORBIDDEN');
    publishKey(world, 'example.com', key);
    expect(await say(key, 'dns')).toBe('ok');
  });

  type Answer = Parameters<AuthWorld['web']['fail']>[0];
  test.each<[string, Answer, boolean]>([
    ['404', (_request, response) => response.writeHead(404).end('nothing here'), true],
    ['410', (_request, response) => response.writeHead(410).end(), true],
    ['a page of a new owner', (_request, response) => response.end('<html>Buy this domain</html>'), true],
    ['a long page', (_request, response) => response.end('<html>'.repeat(10_000)), true],
    [
      'a redirect',
      (_request, response) => response.writeHead(302, { location: 'https://parked.example/' }).end(),
      true,
    ],
    ['500', (_request, response) => response.writeHead(500).end(), false],
    ['503 with a page', (_request, response) => response.writeHead(503).end('<html>'), false],
    ['403', (_request, response) => response.writeHead(403).end(), false],
    ['a broken connection', (request) => request.socket.destroy(), false],
  ])('in a file: %s', async (_name, answer, absent) => {
    await suspendsFile({ answer, absent });
  });

  test('in a file: of a name that DNS no longer knows', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    const readKeyFile = createKeyFileReader({ ...world.web.policy, lookup });
    await suspendsFile({ env: { readKeyFile }, absent: true });
  });

  test('in a file: of a name that DNS can not tell', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' }));
    const readKeyFile = createKeyFileReader({ ...world.web.policy, lookup });
    await suspendsFile({ env: { readKeyFile }, absent: false });
  });

  async function suspendsFile({ answer = null, env, absent }: { answer?: Answer; env?: object; absent: boolean }) {
    const key = ed25519Key();
    world.web.keyFile('example.com', key.record);
    expect(await say(key, 'http')).toBe('ok');
    world.web.fail(answer);
    let suspended = 0;
    for (const hours of [24, 48, 72, 96]) suspended += (await recheckAt(hours, env)).suspended;
    world.web.fail(null);
    expect(suspended).toBe(absent ? 1 : 0);
  }
});
