import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { usage } from './errors.ts';

/** By what a login can be made again without anyone there. */
export type Proof =
  | { method: 'none' }
  | { method: 'github'; token: string }
  | { method: 'dns' | 'http'; domain: string; keyFile: string };

/** A login as it is kept. */
export interface Credential {
  token: string;
  method: string;
  subject: string;
  /** RFC 3339. */
  expiresAt: string;
  again?: Proof;
}

interface Kept {
  /** The registry that was logged in to last. */
  current: string | null;
  registries: Record<string, Credential>;
}

/** The logins of this user, one a registry, in a file that only they can read. */
export interface Credentials {
  file: string;
  current(): string | null;
  read(registry: string): Credential | null;
  keep(registry: string, credential: Credential): void;
  /** Forgets a login; false when there was none. */
  forget(registry: string): boolean;
}

/** The directory that is this user's own. */
export function configDirectory(env: NodeJS.ProcessEnv): string {
  if (env.XDG_CONFIG_HOME) return join(env.XDG_CONFIG_HOME, 'mcp-registry');
  if (process.platform === 'win32' && env.APPDATA) return join(env.APPDATA, 'mcp-registry');
  return join(env.HOME || homedir(), '.config', 'mcp-registry');
}

/** The logins kept in a directory. */
export function createCredentials(directory: string): Credentials {
  const file = join(directory, 'logins.json');
  const change = (edit: (kept: Kept) => void) => {
    const kept = readKept(file);
    edit(kept);
    writeKept(directory, file, kept);
  };
  return {
    file,
    current: () => readKept(file).current,
    read: (registry) => readKept(file).registries[registry] ?? null,
    keep: (registry, credential) =>
      change((kept) => {
        kept.registries[registry] = credential;
        kept.current = registry;
      }),
    forget(registry) {
      if (!this.read(registry)) return false;
      change((kept) => {
        delete kept.registries[registry];
        if (kept.current === registry) kept.current = null;
      });
      return true;
    },
  };
}

function readKept(file: string): Kept {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { current: null, registries: {} };
    throw usage(`${file}, where logins are kept, can not be read (${(error as Error).message}).`);
  }
  try {
    const { current, registries } = JSON.parse(text) as Partial<Kept>;
    const sound = Object.entries(registries ?? {}).filter(([, one]) => isCredential(one));
    return { current: typeof current === 'string' ? current : null, registries: Object.fromEntries(sound) };
  } catch {
    throw usage(`${file}, where logins are kept, is damaged: delete it and log in again.`);
  }
}

/** Whether a value can be a login: a token that fits into a header and what is shown of it. */
export function isCredential(value: unknown): value is Credential {
  if (typeof value !== 'object' || value === null) return false;
  const { token, method, subject, expiresAt } = value as Record<string, unknown>;
  const texts = [method, subject, expiresAt].every((one) => typeof one === 'string');
  return texts && typeof token === 'string' && /^[\x21-\x7e]{1,20000}$/.test(token);
}

/** Writes the whole file beside and renames it: a reader, or a crash, never sees half of it. */
function writeKept(directory: string, file: string, kept: Kept): void {
  const draft = `${file}.${crypto.randomUUID()}`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32' && (statSync(directory).mode & 0o077) !== 0) chmodSync(directory, 0o700);
    writeFileSync(draft, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw usage(`The login can not be kept in ${file} (${(error as Error).message}).`);
  }
}
