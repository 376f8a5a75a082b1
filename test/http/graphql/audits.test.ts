import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app?.close());

test('the audits of graphql-http pass: MUST 13/13, SHOULD 23/23, MAY 25/25', async () => {
  const passed = { MUST: 0, SHOULD: 0, MAY: 0 };
  const failed: string[] = [];
  for (const audit of serverAudits({ url: `${app.url}/graphql` })) {
    const result = await audit.fn();
    const level = audit.name.split(' ', 1)[0] as keyof typeof passed;
    if (result.status === 'ok') passed[level] += 1;
    else failed.push(`${audit.id} ${audit.name}: ${result.reason}`);
  }
  expect(failed).toEqual([]);
  expect(passed).toEqual({ MUST: 13, SHOULD: 23, MAY: 25 });
});
