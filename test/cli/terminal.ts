import { spawn, spawnSync } from 'node:child_process';
import { expect, vi } from 'vitest';
import { PROGRAM, type User } from './mcp.ts';

/** Whether this machine has util-linux's `script`, which gives a program a terminal. */
export const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

/** A program on a terminal of its own. */
export interface Session {
  /** All that the terminal shows so far, escape sequences left out. */
  screen(): string;
  /** The same with them. */
  raw(): string;
  see(what: string | RegExp): Promise<void>;
  /** Types keys; `\r` is Enter. */
  press(keys: string): void;
  keystrokes(): number;
  exit: Promise<number>;
}

/** Starts a command on a terminal. */
export function onTerminal(user: User, ...args: string[]): Session {
  const words = [process.execPath, PROGRAM, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const command = `stty cols 120 rows 40; exec ${words.join(' ')}`;
  const env = { ...user.env, TERM: 'xterm-256color', SHELL: '/bin/sh' };
  const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd: user.folder, env });
  let [text, pressed] = ['', 0];
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  const screen = () => text.replaceAll(/\u001b\][^\u0007]*\u0007|\u001b\[[0-9;?]*[A-Za-z]|\r/g, '');
  return {
    screen,
    raw: () => text,
    see: (what) => vi.waitFor(() => expect(screen()).toMatch(what), { timeout: 15_000, interval: 30 }),
    press(keys) {
      pressed += keys.length;
      child.stdin.write(keys);
    },
    keystrokes: () => pressed,
    exit: new Promise((done) => child.on('close', (code) => done(code ?? -1))),
  };
}
