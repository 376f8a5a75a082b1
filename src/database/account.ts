import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, parse } from 'node:path';
import { DatabaseStartError, OR_USE_YOUR_OWN } from './start-error.ts';

/** The operating system account that PostgreSQL runs as. */
export interface Account {
  uid: number;
  gid: number;
}

/** Starts one of PostgreSQL's programs as its account, with nothing of this process's environment. */
export type Launch = (program: string, args: string[]) => ChildProcess;

const NOBODY: Account = { uid: 65534, gid: 65534 };
const CAPABILITY_BITS = { dac_override: 1n, dac_read_search: 2n } as const;

/** Whether this process is root, which PostgreSQL refuses to be. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** The account for files owned by `owner`: null for an ordinary user, who runs PostgreSQL as themselves. */
export function chooseAccount(owner: Account | null): Account | null {
  if (!isRoot()) return null;
  if (process.platform !== 'linux') {
    throw new DatabaseStartError(
      `The embedded database can't run as root here: run as an ordinary user, ${OR_USE_YOUR_OWN}.`,
    );
  }
  return owner && owner.uid !== 0 ? owner : NOBODY;
}

/** How to start programs as `account` so that they reach `executable` and `home`, and end when this process does. */
export function makeLaunch(account: Account | null, executable: string, home: string): Launch {
  const setpriv = hasSetpriv();
  const needed = account ? capabilityFor(account, executable, home) : null;
  if (needed && (!setpriv || !isPermitted(needed.capability))) {
    const who = `As root the embedded database runs as user ${account?.uid}, who can't reach ${needed.blocked}`;
    throw new DatabaseStartError(`${who}: allow it (chmod o+x), move the directory, ${OR_USE_YOUR_OWN}.`);
  }
  const wrapper = setpriv ? setprivArguments(account, needed?.capability ?? null) : [];
  return (program, args) => {
    const [file = program, ...rest] = [...wrapper, program, ...args];
    return spawn(file, rest, {
      ...(account && !setpriv ? account : {}),
      cwd: parse(program).root,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TZ: 'UTC' },
      // A session of its own: Ctrl-C in the terminal must not stop the database before the server is done with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  };
}

/** Whether the kernel will end PostgreSQL together with the process that started it. */
export function endsWithParent(): boolean {
  return hasSetpriv();
}

let setprivFound: boolean | undefined;
function hasSetpriv(): boolean {
  setprivFound ??=
    process.platform === 'linux' && String(spawnSync('setpriv', ['--help']).stdout ?? '').includes('--pdeathsig');
  return setprivFound;
}

function setprivArguments(account: Account | null, capability: string | null): string[] {
  const command = ['setpriv', '--pdeathsig=INT', '--no-new-privs'];
  if (account) command.push(`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups');
  if (capability) {
    command.push(
      `--inh-caps=-all,+${capability}`,
      `--ambient-caps=+${capability}`,
      `--bounding-set=-all,+${capability}`,
    );
    // access(2), which PostgreSQL asks about its own program, ignores capabilities otherwise.
    command.push('--securebits=+no_setuid_fixup');
  }
  return command;
}

/** The one capability with which `account` gets past the permissions in its way; null when nothing is. */
function capabilityFor(account: Account, executable: string, home: string) {
  const blocked = firstClosed(account, dirname(executable)) ?? firstClosed(account, dirname(home));
  const runnable = allows(account, executable, 0o5);
  if (runnable && !blocked) return null;
  const capability = runnable && isPermitted('dac_read_search') ? 'dac_read_search' : 'dac_override';
  return { capability, blocked: blocked ?? executable } as const;
}

function firstClosed(account: Account, directory: string): string | null {
  for (let path = realpathSync(directory); ; path = dirname(path)) {
    if (!allows(account, path, 0o1)) return path;
    if (path === dirname(path)) return null;
  }
}

function allows(account: Account, path: string, bits: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}

function isPermitted(capability: keyof typeof CAPABILITY_BITS): boolean {
  const permitted = /^CapPrm:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${permitted}`) >> CAPABILITY_BITS[capability]) & 1n) === 1n;
}
