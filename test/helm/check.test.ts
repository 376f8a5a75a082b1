import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../app.ts';
import { freePort } from '../free-port.ts';
import { find, findHelm, render } from './helm.ts';

let registry: TestApp;

beforeAll(async () => {
  registry = await createTestApp();
});

afterAll(() => registry.close());

/** Runs what `helm test` runs, against other addresses. */
async function check(env: { PUBLIC: string; INTERNAL: string; ROUTER_SECRET?: string }) {
  const [container] = find(render('minimal'), 'Pod', '-check').spec.containers;
  const [, ...flags] = container.command as string[];
  const child = spawn(process.execPath, [...flags, ...(container.args as string[])], { env });
  const [output, code] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  return { code, lines: output.trim().split('\n') };
}

const withHelm = test.skipIf(!findHelm());

withHelm('helm test finds the registry well', async () => {
  const { code, lines } = await check({ PUBLIC: registry.url, INTERNAL: registry.internalUrl });
  expect(lines.filter((line) => !line.startsWith('ok'))).toEqual([]);
  expect(lines).toHaveLength(8);
  expect(code).toBe(0);
});

withHelm('helm test shows the subgraph’s door the secret that it wants', async () => {
  const shut = await createTestApp({ MCP_REGISTRY_ROUTER_SECRET: 'router-secret' });
  const addresses = { PUBLIC: shut.url, INTERNAL: shut.internalUrl };
  expect((await check({ ...addresses, ROUTER_SECRET: 'router-secret' })).code).toBe(0);
  expect((await check(addresses)).lines).toContainEqual(expect.stringContaining('FAIL the subgraph answers: got 401'));
  await shut.close();
});

withHelm('helm test finds an internal port that is open to the world', async () => {
  const { code, lines } = await check({ PUBLIC: registry.internalUrl, INTERNAL: registry.internalUrl });
  expect(lines).toContainEqual(expect.stringContaining('FAIL metrics are not for the world'));
  expect(code).toBe(1);
});

withHelm('helm test finds a registry that is not there', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  const { code, lines } = await check({ PUBLIC: nowhere, INTERNAL: nowhere });
  expect(lines.every((line) => line.startsWith('FAIL'))).toBe(true);
  expect(lines[0]).toBe('FAIL REST answers: got ECONNREFUSED');
  expect(code).toBe(1);
});
