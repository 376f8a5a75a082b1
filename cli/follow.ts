import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.ts';
import { CliError, isTransient } from './errors.ts';

/** What is followed, from where, until when. */
export interface Following<Change> {
  document: TypedDocumentNode<{ changes: Change }, { after?: number | null }>;
  after: number | null;
  signal: AbortSignal;
  onCut(seconds: number): void;
}

const LONGEST_S = 30;

/** Changes as they come; after a cut it goes on behind the last one. It fails where the first connection does. */
export async function* follow<Change extends { revision: number }>(
  client: Client,
  { document, after, signal, onCut }: Following<Change>,
): AsyncGenerator<Change> {
  let connected = false;
  for (let pause = 1; !signal.aborted; pause = Math.min(pause * 2, LONGEST_S)) {
    try {
      for await (const event of client.listen(document, { after }, signal)) {
        connected = true;
        if (event === null) continue;
        pause = 1;
        after = event.changes.revision;
        yield event.changes;
      }
    } catch (error) {
      if (signal.aborted) return;
      const isLost = isTransient(error) || !(error instanceof CliError);
      if (!connected || !isLost) throw error;
    }
    if (signal.aborted) return;
    onCut(pause);
    await sleep(pause * 1_000, undefined, { signal }).catch(() => {});
  }
}
