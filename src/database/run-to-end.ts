import type { ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** Waits for a program to end; gives its exit code (null after a signal) and what it wrote to stderr. */
export async function runToEnd(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  let failure = '';
  child.once('error', (error) => {
    failure = error.message;
    resolve(null);
  });
  child.once('close', resolve);
  const [code, output] = await Promise.all([promise, child.stderr ? text(child.stderr) : '']);
  return { code, output: output + failure };
}
