import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayWrite, mutate, permissions, tryKey } from './asks.ts';
import { ed25519Key } from './keys.ts';
import { domainLogin, githubLogin, publishKey, staffLogin, startAuthWorld, type AuthWorld } from './outside.ts';
import { alice } from './principals.ts';

let world: AuthWorld;
const key = ed25519Key();

beforeAll(async () => {
  world = await startAuthWorld();
  world.github.name(alice.id, alice.login);
});

afterAll(() => world.close());

/** Logs in by the key of a domain, which it first publishes. */
async function byKey(domain: string, method: 'dns' | 'http' = 'dns'): Promise<string> {
  if (method === 'dns') publishKey(world, domain, key);
  else world.web.keyFile(domain, key.record);
  return domainLogin(world, domain, key, method);
}

describe('what a domain gives', () => {
  test.each<['dns' | 'http', string, string, boolean]>([
    ['dns', 'example.com', 'com.example/weather', true],
    ['dns', 'EXAMPLE.Com.', 'com.example/weather', true],
    ['dns', 'example.com', 'com.example.team/weather', true],
    ['dns', 'example.com', 'com.example.a.b.c/weather', true],
    ['dns', 'example.com', 'com.example2/weather', false],
    ['dns', 'example.com', 'com.examples.team/weather', false],
    ['dns', 'example.com', 'com/weather', false],
    ['dns', 'team.example.com', 'com.example.team/weather', true],
    ['dns', 'team.example.com', 'com.example/weather', false],
    ['dns', 'team.example.com', 'com.example.other/weather', false],
    ['dns', 'example.co.uk', 'uk.co.example.team/weather', true],
    ['dns', 'example.co.uk', 'uk.co.other/weather', false],
    // Anyone can have a name below this one, which is a public suffix.
    ['dns', 'amazonaws.com', 'com.amazonaws/weather', true],
    ['dns', 'amazonaws.com', 'com.amazonaws.s3.bucket/weather', false],
    ['dns', 'xn--exmple-cua.com', 'com.xn--exmple-cua/weather', true],
    ['dns', 'exämple.com', 'com.xn--exmple-cua/weather', true],
    ['http', 'example.com', 'com.example/weather', true],
    ['http', 'example.com', 'com.example.team/weather', false],
    ['http', 'team.example.com', 'com.example.team/weather', true],
    ['http', 'team.example.com', 'com.example/weather', false],
  ])('by %s, %s: %s is %s', async (method, domain, name, may) => {
    const said = await mayWrite(world, await byKey(domain, method), name).catch(String);
    expect(said.startsWith(may ? 'ok' : 'NAMESPACE_FORBIDDEN') || (!may && /no dot/.test(said))).toBe(true);
  });

  test.each([
    ['github.io', 'github.io is a public suffix, under which anyone can register, so it belongs to nobody.'],
    ['alice.github.io', 'alice.github.io can not be proved: names under io.github.* come by a GitHub login.'],
    ['a.alice.github.io', 'a.alice.github.io can not be proved: names under io.github.* come by a GitHub login.'],
    ['co.uk', 'co.uk is a public suffix, under which anyone can register, so it belongs to nobody.'],
    ['netlify.app', 'netlify.app is a public suffix, under which anyone can register, so it belongs to nobody.'],
    ['modelcontextprotocol.io', 'modelcontextprotocol.io can not be proved: it is reserved for the registry itself.'],
    ['anonymous.modelcontextprotocol.io', 'can not be proved: it is reserved for the registry itself.'],
    ['com', 'invalid domain format: it has at least two labels of letters, digits and hyphens'],
    ['localhost', 'invalid domain format'],
    ['127.0.0.1', 'invalid domain format: an IP address is not a domain.'],
    ['0x7f.1', 'invalid domain format'],
    ['[::1]', 'invalid domain format'],
    [
      'https://example.com',
      'invalid domain format: pass the bare domain, such as example.com, without https:// or a path.',
    ],
    ['example.com/path', 'invalid domain format: pass the bare domain'],
    ['example.com:443', 'invalid domain format: pass the bare domain'],
    ['me@example.com', 'invalid domain format: pass the bare domain'],
    ['*.example.com', 'invalid domain format'],
    ['_mcp-auth.example.com', 'invalid domain format'],
    ['-example.com', 'invalid domain format'],
    ['example..com', 'invalid domain format'],
    ['exam\0ple.com', 'invalid domain format'],
    [`${'a'.repeat(64)}.com`, 'invalid domain format'],
    [`${'a.'.repeat(150)}com`, 'invalid domain format: it is longer than 253 characters.'],
    ['', 'invalid domain format'],
  ])('%j is no domain to prove', async (domain, sentence) => {
    const before = world.dns.questions.length;
    const timestamp = world.now().toISOString();
    for (const method of ['dns', 'http'] as const) {
      const said = await tryKey(world, method, { domain, timestamp, signature: key.sign(timestamp) });
      expect(said).toContain('PROOF_REJECTED: ');
      expect(said).toContain(sentence);
    }
    expect(world.dns.questions.length).toBe(before);
  });
});

describe('whose a domain is', () => {
  const name = 'net.example/weather';
  const status = async (token: string) =>
    (await world.registry.graphql('{ viewer { namespaces { name problem } } }', {}, token)).data.viewer.namespaces;

  test('the first who proved it; a second opens a dispute and takes nothing, until an administrator decides', async () => {
    const first = await githubLogin(world, alice.id);
    const record = '... on StartDomainVerificationPayload { verification { record { value } } }';
    const started = await mutate(
      world,
      'startDomainVerification',
      { domain: 'example.net' },
      { token: first, select: record },
    );
    world.dns.txt('example.net', started.verification.record.value, key.record);
    await mutate(world, 'checkDomainVerification', { domain: 'example.net' }, { token: first });
    const second = await domainLogin(world, 'example.net', key);
    expect(await mayWrite(world, first, name)).toBe('ok');
    const disputed =
      'NAMESPACE_DISPUTED: Another account (alice) proved net.example first, so it stays theirs. If that is wrong, ask the operators.';
    expect(await mayWrite(world, second, name)).toBe(disputed);
    expect(await mayWrite(world, second, name, 'status')).toBe(disputed);
    expect(await permissions(world, second)).toEqual([]);
    expect(await permissions(world, first)).toContain('publish net.example.*');
    expect(await status(second)).toEqual([
      { name: 'net.example', problem: 'Another account proved it first. If that is wrong, ask the operators.' },
    ]);

    const assign = {
      namespace: 'net.example',
      account: { provider: 'domain', subject: 'example.net' },
      reason: 'Sold.',
    };
    await mutate(world, 'assignNamespace', assign, { token: await staffLogin(world) });
    expect(await mayWrite(world, second, name)).toBe('ok');
    expect(await mayWrite(world, first, name)).toContain('NAMESPACE_DISPUTED');
    expect(await permissions(world, second)).toEqual(['publish net.example/*', 'publish net.example.*']);
    expect(await permissions(world, first)).toEqual(['publish io.github.alice/*']);
  });

  test('a subdomain that another proved stays theirs', async () => {
    const team = await byKey('team.example.org');
    const whole = await byKey('example.org');
    expect(await mayWrite(world, team, 'org.example.team/weather')).toBe('ok');
    expect(await mayWrite(world, whole, 'org.example.team/weather')).toContain('NAMESPACE_DISPUTED');
    expect(await mayWrite(world, whole, 'org.example.other/weather')).toBe('ok');
  });

  test('one whose proof lapsed is refused at the next write, and proved again by the next login', async () => {
    const token = await byKey('lapsed.test.example.org');
    const [name, sql] = ['org.example.test.lapsed/weather', world.registry.app.db.sql];
    expect(await mayWrite(world, token, name)).toBe('ok');
    await sql("UPDATE domain_verifications SET status = 'suspended' WHERE domain = 'lapsed.test.example.org'");
    expect(await mayWrite(world, token, name)).toContain(
      'The proof of lapsed.test.example.org was gone for three days: publish its record again and verify the domain.',
    );
    expect(await permissions(world, token)).toEqual([]);
    expect(await mayWrite(world, await byKey('lapsed.test.example.org'), name)).toBe('ok');
  });

  test('one that became a public suffix since gives nothing, and takes nothing else away', async () => {
    const token = await githubLogin(world, alice.id);
    await world.registry.app.db.sql(
      `INSERT INTO domain_verifications (account_id, domain, method, status)
       SELECT id, 'netlify.app', 'txt', 'verified' FROM accounts WHERE provider = 'github' AND subject = '${alice.id}'`,
    );
    expect(await mayWrite(world, token, 'app.netlify.alice/weather')).toContain('NAMESPACE_FORBIDDEN');
    expect(await mayWrite(world, token, 'io.github.alice/weather')).toBe('ok');
    expect(await permissions(world, token)).toEqual(['publish io.github.alice/*']);
  });
});
