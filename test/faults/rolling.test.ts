import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aServer, cloneTemplate, TEST_SEED } from '../app.ts';
import { hasNginx, isReady, startBalancer, startPod, type Balancer, type Pod } from './balancer.ts';

/** Ten rounds at full load are `TEST_ROUNDS=10 npm test -- test/faults/rolling`; here is one at a quarter of it. */
const ROUNDS = Number(process.env.TEST_ROUNDS ?? 0);
const READS_A_SECOND = ROUNDS > 0 ? 200 : 50;
const PUBLISHES_A_SECOND = ROUNDS > 0 ? 10 : 3;

if (!hasNginx()) console.log('!!! LEFT OUT: nginx is not there, so no rolling replacement was tried. !!!');

describe.skipIf(!hasNginx())('three pods behind a load balancer', () => {
  let env: Record<string, string>;
  let balancer: Balancer;
  let token: string;

  beforeAll(async () => {
    env = {
      MCP_REGISTRY_DATABASE_URL: await cloneTemplate(),
      MCP_REGISTRY_JWT_PRIVATE_KEY: TEST_SEED,
      MCP_REGISTRY_PUBLIC_URL: 'http://registry.test',
      MCP_REGISTRY_ENABLE_ANONYMOUS_AUTH: 'true',
      MCP_REGISTRY_RATE_LIMITS: 'false',
      MCP_REGISTRY_LOG_LEVEL: 'warn',
    };
    const pods = await Promise.all([1, 2, 3].map(() => startPod(env)));
    for (const pod of pods) await untilReady(pod);
    balancer = await startBalancer(pods);
    for (let up = false; !up; await sleep(50)) {
      up = await fetch(`${balancer.url}/v0.1/ping`).then(
        ({ ok }) => ok,
        () => false,
      );
    }
    const login = await fetch(`${balancer.url}/v0.1/auth/none`, { method: 'POST' });
    token = ((await login.json()) as { registry_token: string }).registry_token;
  });

  afterAll(async () => {
    await balancer?.stop();
    for (const pod of balancer?.pods ?? []) pod.process.kill('SIGKILL');
  });

  /** Sends so many a second, however long answers take, until told to stop; gives what did not go well. */
  function load(perSecond: number, send: (i: number) => Promise<string | null>) {
    const failures: string[] = [];
    const running = new Set<Promise<void>>();
    let sent = 0;
    const timer = setInterval(() => {
      const one: Promise<void> = send(sent++)
        .catch((error: Error) => `${error.message}: ${String(error.cause)}`)
        .then((failure) => {
          if (failure !== null) failures.push(failure);
          running.delete(one);
        });
      running.add(one);
    }, 1_000 / perSecond);
    return async () => {
      clearInterval(timer);
      await Promise.all(running);
      return { sent, failures };
    };
  }

  const read = async (i: number) => {
    const answer = await fetch(`${balancer.url}/v0.1/servers?limit=5&search=v${i % 50}`);
    await answer.text();
    return answer.ok ? null : `read: ${answer.status}`;
  };

  const published = new Set<string>();
  const publish = async () => {
    const version = `1.${published.size}.${Math.floor(Math.random() * 1e9)}`;
    const answer = await fetch(`${balancer.url}/v0.1/publish`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(aServer(`io.modelcontextprotocol.anonymous/rolled-${published.size % 20}`, version)),
    });
    const text = await answer.text();
    if (!answer.ok) return `publish: ${answer.status} ${text}`;
    published.add(version);
    return null;
  };

  test('are replaced one by one under load: no request fails, no publish is lost, every pod exits 0', async () => {
    const codes: (number | null)[] = [];
    const stopReads = load(READS_A_SECOND, read);
    const stopPublishes = load(PUBLISHES_A_SECOND, publish);
    const started = performance.now();
    for (let round = 0; round < Math.max(ROUNDS, 1); round += 1) {
      for (const old of [...balancer.pods]) {
        const next = await startPod(env);
        await untilReady(next);
        balancer.pods = [...balancer.pods, next];
        // As Kubernetes does: the new one is a member before the old one is told.
        await sleep(1_000);
        old.process.kill('SIGTERM');
        codes.push(await old.ended);
        balancer.pods = balancer.pods.filter((pod) => pod !== old);
      }
    }
    const [reads, publishes] = [await stopReads(), await stopPublishes()];
    const seconds = ((performance.now() - started) / 1_000).toFixed(0);
    console.log(
      `${codes.length} pods replaced in ${seconds} s under ${READS_A_SECOND} reads and ${PUBLISHES_A_SECOND} publishes a ` +
        `second: of ${reads.sent} reads ${reads.failures.length} failed, of ${publishes.sent} publishes ${publishes.failures.length}`,
    );
    expect([...reads.failures, ...publishes.failures]).toEqual([]);
    expect(codes).toEqual(codes.map(() => 0));
    const copy = await (await fetch(`${balancer.url}/v0.1/export`)).text();
    const there = new Set([...copy.matchAll(/"version":"(1\.[^"]+)"/g)].map(([, version]) => version!));
    expect([...published].filter((version) => !there.has(version))).toEqual([]);
    expect(published.size).toBe(publishes.sent);
  }, 1_800_000);
});

async function untilReady(pod: Pod): Promise<void> {
  for (; !(await isReady(pod)); await sleep(50)) {
    if (pod.process.exitCode !== null) throw new Error(`a pod ended with ${pod.process.exitCode}`);
  }
}
