import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Point } from './points.ts';

/** A service in a process of its own. */
export interface Service {
  url: string;
  process: ChildProcess;
  /** Settles when the process is gone. */
  ended: Promise<unknown>;
}

/** Starts a service that kills itself at a point; throws with what it said when it does not come up. */
export async function startService(env: Record<string, string>, point: Point): Promise<Service> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'service.script.ts'), point], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'exit');
  const [url] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(() => Promise.reject(new Error(said))),
  ])) as [string];
  return { url, process: child, ended };
}
