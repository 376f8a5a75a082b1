import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyPackages } from '../../src/packages/verify.ts';
import { readDocument } from '../../src/servers/document.ts';
import { startUpstreams, type Upstreams } from './upstreams.ts';

const dump = fileURLToPath(new URL('../../../shared/data/official-full-2025-12-18.jsonl', import.meta.url));
const present = existsSync(dump);

let upstreams: Upstreams;
beforeAll(async () => (upstreams = await startUpstreams()) && undefined);
afterAll(() => upstreams.close());

test.skipIf(!present)('every real package is asked for, but two whose references no registry knows', async () => {
  const registries = upstreams.registries();
  const types = new Map<string, number>();
  const unasked: string[] = [];
  for (const line of readFileSync(dump, 'utf8').trim().split('\n')) {
    const { name, packages } = readDocument(JSON.parse(line).server);
    for (const { package: claim, verdict } of await verifyPackages(registries, name, packages)) {
      const text = verdict.status === 'verified' ? 'verified' : verdict.message;
      const asked = /not found|does not exist|not publicly accessible/.test(text);
      if (asked) types.set(claim.registryType, (types.get(claim.registryType) ?? 0) + 1);
      else unasked.push(text);
    }
  }
  console.log('real packages asked for:', Object.fromEntries(types));
  expect(types.values().reduce((sum, count) => sum + count)).toBeGreaterThan(2_100);
  expect(unasked).toEqual([
    expect.stringMatching(/^'\S+:sha256:\w+' is no image reference/),
    expect.stringMatching(/^'ghcr\.io\/SamYuan1990\/\S+' is no image reference/),
  ]);
});
