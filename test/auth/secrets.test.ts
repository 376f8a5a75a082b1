import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { holds, mayWrite, mutate, post, stored } from './asks.ts';
import { tasks } from '../../src/auth/tasks.ts';
import { CLIENT_SECRET } from '../external/fake-github.ts';
import { TEST_SEED } from '../app.ts';
import { githubLogin, staffLogin, startAuthWorld, workflowToken, type AuthWorld } from './outside.ts';
import { acme, alice, apiToken, bob, carol } from './principals.ts';

let world: AuthWorld;

beforeAll(async () => {
  world = await startAuthWorld();
  for (const { id, login } of [alice, bob, carol, acme]) world.github.name(id, login);
  for (const { id } of [alice, carol]) world.github.member(id, acme.id, 'admin');
});

afterAll(() => world.close());

/** Secrets as they were planted, and each answer that may hold none of them. */
const planted = new Map<string, string>();
const answers: string[] = [];

function plant(name: string, secret: string): string {
  planted.set(name, secret);
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(secret)) planted.set(`the signature of ${name}`, secret.split('.')[2]!);
  return secret;
}

/** Sends a proof or a token to each door that takes it and keeps the answers. */
async function sendEverywhere(path: string, mutation: string, body: object): Promise<void> {
  const [token] = Object.values(body) as [string];
  answers.push(JSON.stringify(await mutate(world, mutation, { token }).catch(String)));
  for (const prefix of ['/v0', '/v0.1']) {
    const answer = await post(world, `${prefix}/auth/${path}`, body);
    if (answer.status !== 200) answers.push(JSON.stringify([...answer.headers, answer.body]));
  }
}

const sendGithub = (token: string) => sendEverywhere('github-at', 'exchangeGithubToken', { github_token: token });
const sendWorkflow = (token: string) => sendEverywhere('github-oidc', 'exchangeGithubOidcToken', { oidc_token: token });

/** What is asked for with a token, at the doors where a log or an error could tell it again. */
async function useToken(token: string): Promise<void> {
  const { registry } = world;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const tries: [string, RequestInit][] = [
    [`/v0.1/servers?access_token=${token}`, {}],
    ['/v0/verify-domain', { method: 'POST', headers, body: '{"domain":"localhost"}' }],
    ['/v0/verify-domain', { method: 'POST', headers: { ...headers, authorization: `Basic ${token}` }, body: '{}' }],
    ['/graphql', { method: 'POST', headers, body: JSON.stringify({ query: '{ viewer { nothing } }' }) }],
    [
      '/graphql',
      { method: 'POST', headers: { ...headers, authorization: `${token}` }, body: '{"query":"{viewer{method}}"}' },
    ],
  ];
  for (const [path, init] of tries) answers.push(await (await registry.rest(path, init)).text());
}

test('secrets are planted wherever they come in, and things go well, badly and wrong', async () => {
  plant("the OAuth app's secret", CLIENT_SECRET);
  plant('the signing key', TEST_SEED);
  const owner = plant("an owner's GitHub token", world.github.issue(carol.id));
  await sendGithub(owner);
  await sendGithub(plant("another app's GitHub token", world.github.issue(bob.id, { app: 'other' })));
  await sendGithub(plant('a GitHub token that is unknown', 'gho_canary0123456789'));
  const workflow = plant("a workflow's token", await workflowToken(world, acme));
  await sendWorkflow(workflow);
  await sendWorkflow(
    plant('a token for another audience', await workflowToken(world, acme, { aud: 'https://other.test' })),
  );
  await sendWorkflow(plant('a token of an unknown key', await world.actions.sign({ aud: 'x' }, { kid: 'unknown' })));

  const session = plant('a registry token', await githubLogin(world, alice.id));
  const ended = plant('a registry token that was ended', await githubLogin(world, alice.id));
  await mutate(world, 'revokeSession', null, { token: ended });
  const forCi = plant('an API token', await apiToken(world, session, ['io.github.alice/*', 'io.github.acme/*']));
  const slip = plant(
    'an API token with a slip',
    forCi.replace(/.$/, (digit) => (digit === 'a' ? 'b' : 'a')),
  );
  for (const token of [session, ended, forCi, slip, owner, workflow]) await useToken(token);
  await useToken(plant("an administrator's token", await staffLogin(world)));
});

test('GitHub fails, and tells all that it was sent', async () => {
  const says: ((sent: string, response: ServerResponse) => void)[] = [
    (sent, response) => response.writeHead(500).end(sent),
    (sent, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(sent),
    (sent, response) => response.writeHead(200).end(JSON.stringify({ login: sent, id: sent })),
    (sent, response) => response.writeHead(302, { location: `http://127.0.0.1:1/?${encodeURIComponent(sent)}` }).end(),
    (_sent, response) => response.destroy(),
  ];
  const token = world.github.issue(carol.id);
  const session = await post(world, '/v0/auth/github-at', { github_token: plant('the last GitHub token', token) });
  for (const [i, say] of says.entries()) {
    world.github.fail((request: IncomingMessage, response) => {
      void request.toArray().then((body) => say(`${request.headers.authorization} ${body.join('')}`, response));
    });
    await sendGithub(plant(`GitHub token ${i}`, world.github.issue(bob.id)));
    answers.push(await mayWrite(world, session.body.registry_token, 'io.github.acme/weather'));
  }
  world.github.fail(null);
  plant('its registry token', session.body.registry_token);
});

test('PostgreSQL fails, and tells the statement', async () => {
  const { sql } = world.registry.app.db;
  const session = await githubLogin(world, alice.id);
  await sql('ALTER TABLE sessions ADD CONSTRAINT broken CHECK (false) NOT VALID');
  await sql('ALTER TABLE api_tokens ADD CONSTRAINT broken CHECK (false) NOT VALID');
  const before = answers.length;
  await sendGithub(plant('a GitHub token that was not kept', world.github.issue(carol.id)));
  await sendWorkflow(plant('a token that was not kept', await workflowToken(world, acme)));
  const made = await world.registry.graphql(
    'mutation { createApiToken(input: { name: "x", names: ["io.github.alice/*"] }) { __typename } }',
    {},
    plant('a registry token of a write that failed', session),
  );
  answers.push(made.text);
  await sql('ALTER TABLE sessions DROP CONSTRAINT broken');
  await sql('ALTER TABLE api_tokens DROP CONSTRAINT broken');
  expect(answers.slice(before).filter((text) => text.includes('INTERNAL_SERVER_ERROR'))).toHaveLength(7);
});

test('and no log line, answer or row of the database holds one', async () => {
  const lines = world.registry.logged().map((line) => JSON.stringify(line));
  const places = { logs: lines.join('\n'), answers: answers.join('\n'), database: await stored(world) };
  const sizes = Object.entries(places).map(([name, text]) => `${name} ${Math.round(text.length / 1024)} KiB`);
  console.log(`${planted.size} secrets, ${lines.length} log lines, ${answers.length} answers: ${sizes.join(', ')}`);
  const found = Object.entries(places).flatMap(([place, text]) =>
    [...planted].filter(([, secret]) => holds(text, secret)).map(([name]) => `${name} in the ${place}`),
  );
  expect(found).toEqual([]);
  // What is looked for would be found.
  expect(places.logs).toContain('a request failed unexpectedly');
  expect(holds(`x${Buffer.from(CLIENT_SECRET).toString('hex')}x`, CLIENT_SECRET)).toBe(true);
  const [row] = await world.registry.app.db.sql<{ n: number }>(
    'SELECT count(*)::int AS n FROM sessions WHERE credential IS NOT NULL',
  );
  expect(row!.n).toBeGreaterThan(0);
});

test("a login's GitHub token is forgotten when it ends, and when its hour is over", async () => {
  const { app } = world.registry;
  const kept = async () =>
    (await app.db.sql<{ n: number }>('SELECT count(*)::int AS n FROM sessions WHERE credential IS NOT NULL'))[0]!.n;
  const before = await kept();
  const token = await githubLogin(world, carol.id);
  expect(await kept()).toBe(before + 1);
  await mutate(world, 'revokeSession', null, { token });
  expect(await kept()).toBe(before);
  world.clock.offsetMs += 3_700_000;
  await tasks.find(({ name }) => name === 'drop-expired')!.run(app, {}, AbortSignal.timeout(10_000));
  world.clock.offsetMs -= 3_700_000;
  expect(await kept()).toBe(0);
});
