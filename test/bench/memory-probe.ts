// Loaded into the service before it starts, with --expose-gc; answers each message with the memory of the process.
import type { Memory } from './figures.ts';

process.on('message', () => {
  const resident = process.memoryUsage.rss();
  globalThis.gc?.();
  process.send?.({ resident, live: process.memoryUsage().heapUsed } satisfies Memory);
});
process.on('disconnect', () => process.exit(1));
