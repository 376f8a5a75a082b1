import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registryTypes, verifyPackages } from '../../src/packages/verify.ts';
import { failures } from '../external/failures.ts';
import { aPackage, startUpstreams, type Upstreams, verdictOn } from './upstreams.ts';

const NAME = 'io.github.acme/weather';

let upstreams: Upstreams;
beforeAll(async () => (upstreams = await startUpstreams()) && undefined);
beforeEach(() => {
  upstreams.delay(0);
  upstreams.npm.fail(null);
});
afterAll(() => upstreams.close());

const npm = (name: string) => aPackage('npm', name, { version: '1.0.0' });

/** One sound package of each kind. */
function oneOfEach() {
  const path = '/acme/weather-mcp/releases/download/v1/weather.mcpb';
  upstreams.npm.publish('weather', '1.0.0', { mcpName: NAME });
  upstreams.pypi.publish('weather', '1.0.0', `mcp-name: ${NAME}`);
  upstreams.nuget.publish('weather', '1.0.0', `mcp-name: ${NAME}`);
  upstreams.crates.publish('weather', '1.0.0', `<p>mcp-name: ${NAME}</p>`);
  upstreams.oci.push('docker.io/acme/weather:1', { 'io.modelcontextprotocol.server.name': NAME });
  const fileSha256 = upstreams.releases.upload(path, 'weather');
  return [
    npm('weather'),
    aPackage('pypi', 'weather', { version: '1.0.0' }),
    aPackage('nuget', 'weather', { version: '1.0.0' }),
    aPackage('oci', 'docker.io/acme/weather:1'),
    aPackage('mcpb', `https://github.com${path}`, { fileSha256 }),
    aPackage('cargo', 'weather', { version: '1.0.0' }),
  ];
}

describe('verifyPackages', () => {
  test('knows every kind', () => {
    expect(registryTypes).toEqual(['npm', 'pypi', 'nuget', 'oci', 'mcpb', 'cargo']);
  });

  test('asks of all at once, and says of each what was found, when, and how long it took', async () => {
    const claims = [...oneOfEach(), npm('nobody-has-it')];
    upstreams.delay(200);
    const at = new Date('2026-11-26T12:00:00Z');
    const started = performance.now();
    const verdicts = await verifyPackages(upstreams.registries(), NAME, claims, { now: () => at });
    const ms = performance.now() - started;
    const sum = verdicts.reduce((total, one) => total + one.ms, 0);
    console.log(`7 packages, 200 ms an answer: ${ms.toFixed(0)} ms together, ${sum} ms one after the other`);
    expect(verdicts.map((one) => one.package)).toEqual(claims);
    expect(verdicts.map((one) => one.verdict.status)).toEqual([...Array(6).fill('verified'), 'unavailable']);
    expect(verdicts.every((one) => one.checkedAt === at && one.ms >= 200)).toBe(true);
    expect(ms).toBeLessThan(sum / 2);
  });

  test('asks of one that stands there twice once', async () => {
    upstreams.npm.publish('twice', '1.0.0', { mcpName: NAME });
    const before = upstreams.npm.requests.length;
    const verdicts = await verifyPackages(upstreams.registries(), NAME, [npm('twice'), npm('twice')]);
    expect(verdicts.map((one) => one.verdict.status)).toEqual(['verified', 'verified']);
    expect(upstreams.npm.requests.length - before).toBe(1);
  });

  test.each(['', 'NPM', 'maven', 'constructor', '__proto__', 'x'.repeat(1_000)])(
    'refuses the kind %s',
    async (kind) => {
      const verdict = await verdictOn(upstreams.registries(), NAME, aPackage(kind, 'weather', { version: '1.0.0' }));
      expect(verdict).toMatchObject({
        status: 'refused',
        message: expect.stringMatching(/^unsupported registry type: .{0,201}\. Packages are of npm, pypi/),
      });
    },
  );

  test('of nothing is nothing', async () => {
    expect(await verifyPackages(upstreams.registries(), NAME, [])).toEqual([]);
  });

  test('never takes longer than its limit, also when it waits for its turn', async () => {
    upstreams.npm.fail(failures['time-out']!(0));
    const registries = upstreams.registries({ limits: { answerMs: 500 } });
    const many = Array.from({ length: 40 }, (_, i) => npm(`slow-${i}`));
    const started = performance.now();
    const verdicts = await verifyPackages(registries, NAME, many);
    const ms = performance.now() - started;
    console.log(`40 packages of an upstream that never answers, limit 500 ms: ${ms.toFixed(0)} ms`);
    expect(new Set(verdicts.map((one) => JSON.stringify(one.verdict)))).toEqual(
      new Set([
        JSON.stringify({
          status: 'unavailable',
          message: 'npm did not answer in time. Try again in a moment.',
          retryAfter: 15,
        }),
      ]),
    );
    expect(ms).toBeLessThan(2_000);
  });

  test('asks one upstream sixteen questions at a time, of all documents together', async () => {
    const other = await startUpstreams();
    const registries = other.registries();
    other.delay(50);
    const documents = Array.from({ length: 10 }, (_, d) => Array.from({ length: 5 }, (_, i) => npm(`many-${d}-${i}`)));
    await Promise.all(documents.map((claims) => verifyPackages(registries, NAME, claims)));
    expect(other.npm.requests).toHaveLength(50);
    expect(other.npm.atOnce()).toBe(16);
    await other.close();
  });

  test('leaves an upstream alone after five outages in a row, the others not', async () => {
    const claims = oneOfEach();
    const registries = upstreams.registries();
    upstreams.npm.fail(failures['500']!(0));
    for (let i = 0; i < 5; i++) await verdictOn(registries, NAME, npm(`down-${i}`));
    const before = upstreams.npm.requests.length;
    const [first, ...others] = await verifyPackages(registries, NAME, claims);
    expect(first!.verdict).toEqual({
      status: 'unavailable',
      message: 'npm failed 5 times in a row and is not asked for now. Try again in a moment.',
      retryAfter: 30,
    });
    expect(upstreams.npm.requests).toHaveLength(before);
    expect(others.map((one) => one.verdict.status)).toEqual(Array(5).fill('verified'));
  });

  test('ends with the signal of who asked', async () => {
    upstreams.npm.fail(failures['time-out']!(0));
    const reason = new Error('the client went away');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    const { signal } = controller;
    await expect(verifyPackages(upstreams.registries(), NAME, [npm('gone')], { signal })).rejects.toBe(reason);
  });
});
