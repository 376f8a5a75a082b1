import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** Where Debian puts a PostgreSQL with all its programs; the embedded one has no pg_dump. */
const found = ['18', '17', '16', '15'].map((version) => `/usr/lib/postgresql/${version}/bin`);

/** The folder of a whole PostgreSQL's programs; null: there is none. */
export const programs = found.find((folder) => existsSync(join(folder, 'pg_dump'))) ?? null;

/** A server of that PostgreSQL. */
export interface Server {
  url(database: string): string;
  folder: string;
  stop(): Promise<void>;
}

/** Starts one on a free port, as somebody else where this is root, whom PostgreSQL refuses. */
export async function startServer(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'postgresql-'));
  const root = process.getuid?.() === 0;
  const user = root ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (root) chownSync(folder, idOf('-u'), idOf('-g'));
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const run = (program: string, args: string[]) =>
    execFileSync(join(programs!, program), args, { ...user, stdio: 'pipe', cwd: folder });
  run('initdb', ['-D', data, '-U', 'registry', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']);
  const port = await freePort();
  const options = ['-D', data, '-p', String(port), '-k', folder, '-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'];
  const child = spawn(join(programs!, 'postgres'), options, { ...user, stdio: 'ignore', cwd: folder });
  const ready = () => run('pg_isready', ['-h', '127.0.0.1', '-p', String(port)]);
  for (let tries = 0; ; tries += 1) {
    try {
      ready();
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(100);
    }
  }
  return {
    url: (database) => `postgresql://registry@127.0.0.1:${port}/${database}`,
    folder,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const idOf = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
