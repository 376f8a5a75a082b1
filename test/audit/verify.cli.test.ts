import { execFile } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { appendAudit } from '../../src/audit/audit.db.ts';
import { createDb } from '../../src/db.ts';
import { cloneTemplate } from '../app.ts';
import packageJson from '../../package.json' with { type: 'json' };

const COMMAND = packageJson.scripts['audit:verify'].replace('node ', '');

let url: string;

beforeAll(async () => {
  url = await cloneTemplate();
});

/** Runs `npm run audit:verify` without npm. */
function run(env: Record<string, string>, ...args: string[]) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const options = { env: { PATH: process.env.PATH, ...env } };
    const child = execFile(process.execPath, [COMMAND, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** Does something to the audit. */
async function change(...statements: string[]): Promise<void> {
  const db = createDb({ url });
  for (const statement of statements) await db.sql(statement);
  await db.close();
}

const verify = () => run({ MCP_REGISTRY_DATABASE_URL: url });

describe('npm run audit:verify', () => {
  test('says that it is sound, and where it is not', async () => {
    const db = createDb({ url });
    for (const target of ['a', 'b', 'c']) {
      await appendAudit(db.sql, { actor: 'github:1', action: 'test', target, outcome: 'done' });
    }
    await db.close();
    expect(await verify()).toEqual({ code: 0, stdout: 'The audit is sound: 3 rows.\n', stderr: '' });
    await change(
      'ALTER TABLE audit DISABLE TRIGGER audit_is_append_only',
      "UPDATE audit SET actor = 'github:2' WHERE id = 2",
      'ALTER TABLE audit ENABLE TRIGGER audit_is_append_only',
    );
    expect(await verify()).toEqual({
      code: 1,
      stdout:
        'The audit is broken at row 2: the row was changed: its hash is not that of its content. The 1 before it are sound.\n',
      stderr: '',
    });
  });

  test('a wrong setting or argument is code 2', async () => {
    const wrong = await run({ MCP_REGISTRY_PORT: 'eighty', MCP_REGISTRY_DATABASE_URL: url });
    expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('MCP_REGISTRY_PORT') });
    const usage = await run({ MCP_REGISTRY_DATABASE_URL: url }, '--all');
    expect(usage).toEqual({ code: 2, stdout: '', stderr: 'Usage: npm run audit:verify\n' });
  });

  test('a database that is not there is code 1, in a line without its password', async () => {
    const away = await run({ MCP_REGISTRY_DATABASE_URL: 'postgresql://me:canary@127.0.0.1:1/registry' });
    expect(away).toMatchObject({ code: 1, stdout: '' });
    expect(away.stderr.trim().split('\n')).toHaveLength(1);
    expect(away.stderr).not.toContain('canary');
  });
});
