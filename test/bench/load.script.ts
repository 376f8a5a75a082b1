// Sends one request over and over on fixed connections, each waiting for its answer; told what by messages.
import { Pool, type Dispatcher } from 'undici';
import type { Load, Measured } from './load.ts';

process.on('message', (load: Load) => {
  void run(load).then(
    (measured) => process.send?.(measured),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

async function run(load: Load): Promise<Measured> {
  const { origin } = new URL(load.url);
  const pool = new Pool(origin, { connections: load.connections, pipelining: 1 });
  if (load.warmUpMs > 0) await during(pool, load, { ms: load.warmUpMs, count: Infinity });
  const measured = await during(pool, load, { ms: load.ms, count: load.count });
  await pool.close();
  return measured;
}

async function during(pool: Pool, load: Load, until: { ms: number; count: number }): Promise<Measured> {
  const latencies: number[] = [];
  let sent = 0;
  const began = performance.now();
  const one = async () => {
    while (sent < until.count && performance.now() - began < until.ms) {
      sent += 1;
      latencies.push(await exchange(pool, load));
    }
  };
  await Promise.all(Array.from({ length: load.connections }, one));
  const seconds = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { requests: latencies.length, perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99) };
}

/** Sends one request and reads its answer to the end; milliseconds. */
function exchange(pool: Pool, { url, method, headers, body, bytes }: Load): Promise<number> {
  const path = url.slice(new URL(url).origin.length);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    let read = 0;
    let status = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData(_controller, chunk) {
        read += chunk.length;
      },
      onResponseEnd() {
        if (status === 200 && read === bytes) resolve(performance.now() - began);
        else reject(new Error(`${method} ${url} answered ${status} with ${read} bytes instead of 200 with ${bytes}.`));
      },
      onResponseError(_controller, error) {
        reject(error);
      },
    };
    pool.dispatch({ path, method, headers, body }, handler);
  });
}
