import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from './operations.ts';

/** What the command line asks for; it is there once that is built. */
const OWN = join(import.meta.dirname, '../../cli/operations.json');

const Apollo = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});
/** Those of GraphQL Code Generator and of Relay. */
const Plain = z.record(z.string(), z.string());

/** A file of operations that can't be read; its message says which and why. */
export class ManifestError extends Error {
  override name = 'ManifestError';
}

/** Reads the operations that are trusted, by id: the command line's and those of the operator's files. */
export async function readManifests(files: string[]): Promise<Map<string, string>> {
  const trusted = new Map<string, string>();
  for (const file of [OWN, ...files]) {
    for (const [id, text] of await readManifest(file, file === OWN)) {
      trusted.set(id.replace(/^sha256:/, ''), text);
      // Relay's ids are MD5 by default; by the standard hash each is found too.
      trusted.set(sha256(text), text);
    }
  }
  return trusted;
}

async function readManifest(file: string, optional: boolean): Promise<[id: string, text: string][]> {
  try {
    const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
    const apollo = Apollo.safeParse(manifest);
    return apollo.success
      ? apollo.data.operations.map(({ id, body }) => [id, body])
      : Object.entries(Plain.parse(manifest));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (optional && code === 'ENOENT') return [];
    const why = code === 'ENOENT' ? 'is not there' : 'is no manifest of operations that is known';
    throw new ManifestError(`${JSON.stringify(file)} ${why}`);
  }
}
