import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const root = resolve(import.meta.dirname, '../..');

/** Something that runs in a process of its own. */
export interface Running {
  port: number;
  process: ChildProcess;
}

/** Which of the caches are not installed here; of Varnish with its module for purging by tag. */
export function missingCaches(): string[] {
  const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  const xkey = ['x86_64', 'aarch64'].some((cpu) =>
    existsSync(`/usr/lib/${cpu}-linux-gnu/varnish/vmods/libvmod_xkey.so`),
  );
  return [...(has('varnishd') && xkey ? [] : ['varnish', 'varnish-modules']), ...(has('nginx') ? [] : ['nginx'])];
}

/** Starts a registry whose lists may be kept for so many seconds. */
export async function startRegistry(env: Record<string, string>, seconds: number): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'edge.script.ts'), String(seconds)], {
    env: { PATH: process.env.PATH, MCP_REGISTRY_PORT: '0', MCP_REGISTRY_INTERNAL_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { port: Number(new URL(url).port), process: child };
}

/** What a purge must show. */
export const PURGE_TOKEN = 'purge-token';

/** Starts Varnish with the repository's own VCL. */
export async function startVarnish(folder: string, ports: { own: number; registries: number[] }): Promise<Running> {
  const vcl = configured('varnish.vcl', { 8080: ports.registries[0]!, 8082: ports.registries[1]! });
  const directory = join(folder, 'varnish');
  // Beside each other as in the repository: the one includes the other.
  for (const one of ['edge', 'files']) mkdirSync(join(directory, one), { recursive: true });
  cpSync(join(root, 'helm/files/rules.vcl'), join(directory, 'files/rules.vcl'));
  const file = join(directory, 'edge/varnish.vcl');
  writeFileSync(file, vcl);
  const options = ['-F', '-j', 'none', '-n', join(directory, 'work'), '-s', 'malloc,32m', '-f', file];
  return ready('varnishd', [...options, '-a', `127.0.0.1:${ports.own}`], ports.own);
}

/** Starts nginx with the repository's own configuration. */
export async function startNginx(folder: string, ports: { own: number; registries: number[] }): Promise<Running> {
  const conf = configured('nginx.conf', { 8000: ports.own, 8080: ports.registries[0]!, 8082: ports.registries[1]! });
  const directory = join(folder, 'nginx');
  mkdirSync(directory);
  // As root its workers would be somebody who may not write here.
  const user = process.getuid?.() === 0 ? 'user root;\n' : '';
  writeFileSync(join(directory, 'conf'), `${user}${conf}`);
  return ready('nginx', ['-p', directory, '-c', 'conf', '-g', 'daemon off;'], ports.own);
}

function configured(file: string, ports: Record<number, number>): string {
  const text = readFileSync(join(root, 'helm/edge', file), 'utf8');
  return Object.entries(ports).reduce(
    (all, [from, to]) => all.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), String(to)),
    text,
  );
}

async function ready(program: string, args: string[], port: number): Promise<Running> {
  const env = { ...process.env, PURGE_TOKEN };
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for (let i = 0; i < 200; i++) {
    const answered = await fetch(`http://127.0.0.1:${port}/v0.1/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return { port, process: child };
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  child.kill();
  throw new Error(`${program} does not answer: ${said}`);
}

/** Stands before the purge address, and can be out of order. */
export interface PurgeGate {
  url: string;
  /** The tags of the purges that got through, and how many did not. */
  passed: string[];
  refused: number;
  open: boolean;
  close(): void;
}

/** Passes purges on to a cache. */
export async function startPurgeGate(cache: number): Promise<PurgeGate> {
  const server = createServer((incoming, response) => {
    if (!gate.open) {
      gate.refused += 1;
      response.writeHead(503).end();
      return;
    }
    const { method, url, headers } = incoming;
    request({ port: cache, method, path: url, headers }, (answer) => {
      gate.passed.push(String(headers['xkey-purge']));
      response.writeHead(answer.statusCode ?? 502);
      answer.pipe(response);
    })
      .on('error', () => response.writeHead(502).end())
      .end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gate: PurgeGate = { url, passed: [], refused: 0, open: true, close: () => void server.close() };
  return gate;
}
