import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp, type App } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { openDoors, type Doors } from '../../src/http/server.ts';
import { cloneTemplate } from '../app.ts';
import { openDatabaseLink, type DatabaseLink } from './database-link.ts';

let link: DatabaseLink;
let app: App;
let doors: Doors;

beforeEach(async () => {
  link = await openDatabaseLink(await cloneTemplate());
  const config = loadConfig({
    MCP_REGISTRY_DATABASE_URL: link.url,
    MCP_REGISTRY_PORT: '0',
    MCP_REGISTRY_INTERNAL_PORT: '0',
  });
  app = await createApp(config, { log: pino({ level: 'silent' }) });
  doors = await openDoors(app);
});

afterEach(async () => {
  await doors.close(1_000);
  await app.close();
  await link.cut();
});

async function ask(path: string): Promise<{ status: number; type: string | null; body: unknown }> {
  const response = await fetch(`${doors.internalUrl}${path}`);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
}

const type = 'application/json; charset=utf-8';

describe('the internal port', () => {
  it('says that the process is alive, and ready with the revision it serves', async () => {
    expect(await ask('/health/live')).toEqual({ status: 200, type, body: { status: 'ok' } });
    expect(await ask('/health/ready?probe=1')).toEqual({ status: 200, type, body: { status: 'ok', revision: 0 } });
  });

  it('is not ready while the database is away, stays alive, and is ready again when it is back', async () => {
    await link.cut();
    expect(await ask('/health/ready')).toEqual({ status: 503, type, body: { status: 'database away' } });
    expect(await ask('/health/live')).toMatchObject({ status: 200 });
    await link.mend();
    expect(await ask('/health/ready')).toMatchObject({ status: 200 });
  });

  it('is not ready while it stops, and serves on', async () => {
    doors.readiness.draining = true;
    expect(await ask('/health/ready')).toEqual({ status: 503, type, body: { status: 'stopping' } });
    expect(await ask('/health/live')).toMatchObject({ status: 200 });
    const response = await fetch(`${doors.internalUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.status).toBe(200);
  });

  it.each(['/', '/health', '/health/', '/health/ready/', '/v0.1/servers', '/graphql/', '/docs'])(
    'knows no %s',
    async (path) => {
      expect(await ask(path)).toEqual({ status: 404, type, body: { status: 'not found' } });
    },
  );
});

it('the public port tells nobody how it is', async () => {
  expect((await fetch(`${doors.publicUrl}/health/ready`)).status).toBe(404);
});
