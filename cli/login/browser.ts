import { spawn } from 'node:child_process';

/** Opens an address in the browser, if there is one; never fails. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv): void {
  const opener = env.BROWSER || { darwin: 'open', win32: 'explorer' }[process.platform as string] || 'xdg-open';
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

/** Copies a text: the terminal does it (OSC 52), over SSH too; one that can't passes it over. */
export function copy(text: string): void {
  process.stderr.write(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`);
}
