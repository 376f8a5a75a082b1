import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';

const root = resolve(import.meta.dirname, '../..');

/** A registry in a process of its own, as a pod has it. */
export interface Pod {
  port: number;
  internalPort: number;
  process: ChildProcess;
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>;
}

/** Starts a pod, of this checkout or of another; it is ready when its readiness says so. */
export async function startPod(env: Record<string, string>, cwd = root): Promise<Pod> {
  const [port, internalPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      MCP_REGISTRY_PORT: String(port),
      MCP_REGISTRY_INTERNAL_PORT: String(internalPort),
      ...env,
    },
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { port, internalPort, process: child, ended };
}

export const isReady = ({ internalPort }: Pod): Promise<boolean> =>
  fetch(`http://127.0.0.1:${internalPort}/health/ready`, { signal: AbortSignal.timeout(3_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

/** An nginx that is given the pods that are ready, as an ingress controller does it. */
export interface Balancer {
  url: string;
  pods: Pod[];
  stop(): Promise<void>;
}

const PROBE_MS = 500;

/** Starts it; it asks every half second who is ready, and is told at once of none. */
export async function startBalancer(pods: Pod[]): Promise<Balancer> {
  const folder = mkdtempSync(join(tmpdir(), 'balancer-'));
  mkdirSync(join(folder, 'logs'));
  const port = await freePort();
  const balancer = { url: `http://127.0.0.1:${port}`, pods };
  let known = '';
  const configure = async () => {
    const ready = await Promise.all(balancer.pods.map(async (pod) => ((await isReady(pod)) ? [pod.port] : [])));
    const now = ready.flat().join(' ');
    if (now === known || now === '') return false;
    known = now;
    writeFileSync(join(folder, 'conf'), configuration(folder, port, ready.flat()));
    return true;
  };
  while (!(await configure())) await sleep(50);
  const nginx = spawn('nginx', ['-p', folder, '-c', 'conf', '-g', 'daemon off;'], { stdio: 'ignore' });
  let stopped = false;
  const watching = (async () => {
    for (; !stopped; await sleep(PROBE_MS)) if (await configure()) nginx.kill('SIGHUP');
  })();
  return Object.assign(balancer, {
    stop: async () => {
      stopped = true;
      await watching;
      nginx.kill('SIGQUIT');
      await once(nginx, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

/** It keeps no connection of a caller's: a reload closes those that are idle, and one may just be sending on it. */
function configuration(folder: string, port: number, ports: number[]): string {
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder};`);
  return `${user} worker_processes 1; pid ${folder}/pid; error_log ${folder}/logs/error.log;
    events { worker_connections 1024; }
    http {
      access_log off; keepalive_timeout 0; ${temporary.join(' ')}
      upstream pods { ${ports.map((one) => `server 127.0.0.1:${one};`).join(' ')} keepalive 32; }
      server {
        listen 127.0.0.1:${port};
        location / { proxy_pass http://pods; proxy_http_version 1.1; proxy_set_header Connection ""; }
      }
    }`;
}

/** Whether there is an nginx to try it with. */
export const hasNginx = () => spawnSync('sh', ['-c', 'command -v nginx']).status === 0;
