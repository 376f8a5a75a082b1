// Sends requests by turns on fixed connections, each waiting for its answer; told what by messages.
import { setTimeout as sleep } from 'node:timers/promises';
import { openLine, type Line } from './exchange.ts';
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
  const { origin } = new URL(load.targets[0]!.url);
  const lines = await Promise.all(Array.from({ length: load.connections }, () => openLine(origin)));
  try {
    if (load.warmUpMs > 0) await during(lines, load, { ms: load.warmUpMs, count: Infinity });
    return await during(lines, load, { ms: load.ms, count: load.count });
  } finally {
    for (const line of lines) line.close();
  }
}

async function during(lines: Line[], { targets, rate }: Load, until: { ms: number; count: number }): Promise<Measured> {
  const latencies: number[] = [];
  let sent = 0;
  const began = performance.now();
  const one = async (line: Line) => {
    while (sent < until.count && performance.now() - began < until.ms) {
      const turn = sent++;
      if (rate !== null) {
        const early = began + (turn * 1_000) / rate - performance.now();
        if (early > 1) await sleep(early);
      }
      latencies.push(await line.send(targets[turn % targets.length]!));
    }
  };
  await Promise.all(lines.map(one));
  const seconds = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { requests: latencies.length, perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99) };
}
