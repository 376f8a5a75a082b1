import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startScript } from './children.ts';
import { startRegistry, storeOffEnvironment, type Registry } from './registry.ts';

/** All that answers about one grown registry, each in a process of its own, on one database. */
export interface Contestants {
  registry: Registry;
  /** Starts another process of it. */
  another(): Promise<Registry>;
  /** The service without its version store. */
  storeOff: Pick<Registry, 'child' | 'publicUrl'>;
  /** PostGraphile's address for its page, and that of SQL by hand. */
  postgraphile: Program;
  sql: Program;
}

/** A program that was started, and where it answers. */
export interface Program {
  child: Child;
  url: string;
}

const production = { ...process.env, NODE_ENV: 'production' };
const opponent = join(import.meta.dirname, 'postgraphile');

/** Installs PostGraphile, once, from its own lock file. */
export function installPostgraphile(): void {
  if (existsSync(join(opponent, 'node_modules/.package-lock.json'))) return;
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  execFileSync(command, [...args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: opponent,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Starts all that answer about the registry in a database. */
export async function startContestants(databaseUrl: string, scratch: string): Promise<Contestants> {
  const another = () => startRegistry('', scratch, { MCP_REGISTRY_DATABASE_URL: databaseUrl });
  const registry = await another();
  const off = startScript(join(import.meta.dirname, 'store-off.script.ts'), [join(scratch, 'store-off.log')], {
    env: storeOffEnvironment(databaseUrl),
  });
  const { publicUrl } = await off.message<{ publicUrl: string }>();
  const page = readFileSync(join(opponent, 'page.graphql'), 'utf8');
  return {
    registry,
    another,
    storeOff: { child: off, publicUrl },
    postgraphile: await startProgramOn(join(opponent, 'server.mjs'), [databaseUrl, page]),
    sql: await startProgramOn(join(import.meta.dirname, 'sql.script.ts'), [databaseUrl]),
  };
}

/** Starts a script that tells the port on which it answers. */
export async function startProgramOn(file: string, args: string[]): Promise<Program> {
  const child = startScript(file, args, { env: production });
  return { child, url: `http://127.0.0.1:${await child.message<number>()}` };
}
