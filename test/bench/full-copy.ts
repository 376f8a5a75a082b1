import { join } from 'node:path';
import { startScript } from './children.ts';

/** A copy of everything by /export beside the same bytes by COPY, in each round. */
export interface Copy {
  versions: number;
  bytes: number;
  /** Megabytes a second. */
  exported: number[];
  copied: number[];
  ratio: number[];
}

interface Read {
  bytes: number;
  seconds: number;
}

/** Reads the whole registry in both ways, by turns. */
export async function measureCopy(
  versions: number,
  publicUrl: string,
  databaseUrl: string,
  rounds: number,
): Promise<Copy> {
  const child = startScript(join(import.meta.dirname, 'full-copy.script.ts'), []);
  await child.message<'ready'>();
  const read = async (by: 'export' | 'copy', url: string) => {
    child.process.send({ by, url });
    const { bytes, seconds } = await child.message<Read>();
    return { bytes, speed: bytes / seconds / 1e6 };
  };
  const copy: Copy = { versions, bytes: 0, exported: [], copied: [], ratio: [] };
  for (let round = 0; round < rounds; round++) {
    const copied = await read('copy', databaseUrl);
    const exported = await read('export', `${publicUrl}/v0.1/export`);
    copy.bytes = exported.bytes;
    copy.exported.push(exported.speed);
    copy.copied.push(copied.speed);
    copy.ratio.push(exported.speed / copied.speed);
  }
  await child.stop();
  return copy;
}
