import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import type { Router } from './gateway.ts';

/** Where the large packages are, installed by `npm run test:routers` only. */
export const packages = join(import.meta.dirname, 'routers');

const program = join(packages, 'node_modules/@graphql-hive/gateway/dist/bin.js');

/** Whether the routers are installed and asked for. */
export const routersWanted = process.env.TEST_ROUTERS === '1' && existsSync(program);

/** Starts Hive Gateway as its users do, by its command line, in a folder of its own. */
export async function startHive({ supergraph, flags = [] }: { supergraph: string; flags?: string[] }): Promise<Router> {
  const folder = await mkdtemp(join(tmpdir(), 'hive-'));
  await writeFile(join(folder, 'supergraph.graphql'), supergraph);
  const port = await freePort();
  const address = ['--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(process.execPath, [program, 'supergraph', ...address, ...flags], { cwd: folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) break;
    if (await answers(url)) {
      // It falls back to its own engine without a word when a package is missing.
      if (flags.length > 0 && !output.includes('Using Hive Router Runtime')) break;
      return { url, close };
    }
    await sleep(100);
  }
  await close();
  throw new Error(`Hive Gateway did not start as asked:\n${output}`);
}

async function answers(url: string): Promise<boolean> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ registry { revision } }' }),
  };
  return fetch(`${url}/graphql`, init).then(
    ({ ok }) => ok,
    () => false,
  );
}
