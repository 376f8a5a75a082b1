import { chownSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Account, isRoot } from './account.ts';
import { DatabaseStartError, errorCode, fileProblem } from './start-error.ts';

/** The major version of the PostgreSQL that the packages bring, which a cluster's files must have. */
export const MAJOR_VERSION = '18';

/** Where in the data directory everything of PostgreSQL lies: `home` is its account's own, `cluster` its files. */
export function clusterPaths(dataDir: string) {
  const home = join(dataDir, 'postgres');
  const cluster = join(home, 'cluster');
  return { home, cluster, password: join(cluster, 'registry.password'), lock: join(cluster, 'postmaster.pid') };
}

/** The account that owns the database's files, or null when there are none yet. */
export function findOwner(dataDir: string): Account | null {
  try {
    const { uid, gid } = statSync(clusterPaths(dataDir).home);
    return { uid, gid };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileProblem(dataDir, error);
  }
}

/** Makes the directories: mode 0700 and PostgreSQL's account; root's data directory lets that account pass. */
export function makeDirectories(dataDir: string, account: Account | null): void {
  const { home } = clusterPaths(dataDir);
  try {
    ensureDirectory(dataDir, isRoot() ? 0o711 : 0o700);
    ensureDirectory(home, 0o700);
    if (account && readdirSync(home).length === 0) chownSync(home, account.uid, account.gid);
  } catch (error) {
    throw fileProblem(dataDir, error);
  }
}

/** By hand, because a recursive mkdir calls a read-only file system ENOENT. */
function ensureDirectory(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    ensureDirectory(dirname(path), 0o755);
    mkdirSync(path, { mode });
  }
}

/** Whether there is a complete cluster of our version; one that was never finished is set aside, nothing is deleted. */
export function hasCluster(dataDir: string, log: (line: string) => void): boolean {
  const { cluster } = clusterPaths(dataDir);
  // Asked first: a cluster comes into its place as a whole, perhaps while this looks.
  const seen = statSync(cluster, { throwIfNoEntry: false });
  if (!seen) return false;
  const version = readIfThere(join(cluster, 'PG_VERSION'))?.trim() ?? null;
  const started = readIfThere(join(cluster, 'global', 'pg_control')) !== null;
  if (started && version === MAJOR_VERSION) return true;
  if (started) throw unusable(cluster, version);
  const aside = `${cluster}.incomplete-${Date.now()}`;
  try {
    renameSync(cluster, aside);
    // Another process was faster, and this is what it has made since.
    if (statSync(aside).ino !== seen.ino) renameSync(aside, cluster);
    else log(`${cluster} was never finished: moved to ${aside}, starting with an empty database`);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw fileProblem(cluster, error);
  }
  return false;
}

function unusable(cluster: string, version: string | null): DatabaseStartError {
  if (version === null) {
    const remedy = 'restore them from a backup, or move the directory away to start with an empty database';
    return new DatabaseStartError(`The database files in ${cluster} are damaged (no PG_VERSION): ${remedy}.`);
  }
  const found = `The database files in ${cluster} are of PostgreSQL ${version}, and this is PostgreSQL ${MAJOR_VERSION}`;
  const remedy = `bring them over with pg_upgrade or a dump, or set MCP_REGISTRY_DATA_DIR to another directory`;
  return new DatabaseStartError(`${found}: ${remedy}.`);
}

/** The password of the cluster's one user, made with the cluster and readable only by its owner. */
export function readPassword(dataDir: string): string {
  const path = clusterPaths(dataDir).password;
  const password = readIfThere(path)?.trim();
  if (password) return password;
  throw new DatabaseStartError(`The embedded database's password file ${path} is missing: restore it from a backup.`);
}

/** The port that the cluster had last, so that its URL stays the same while that port is free. */
export function findLastPort(dataDir: string): number | undefined {
  const options = readIfThere(join(clusterPaths(dataDir).cluster, 'postmaster.opts'));
  const port = /"-p" "(\d+)"/.exec(options ?? '')?.[1];
  return port ? Number(port) : undefined;
}

/** The text of a file, or null when it does not exist; other failures are told in one line. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileProblem(path, error);
  }
}
