import { openExport } from '../../servers/export.ts';
import { readRevision } from '../../servers/registry.db.ts';
import { z } from 'zod';
import { LIST_TAG } from '../../servers/cache-tags.ts';
import { operation } from './operation.ts';
import { ServerResponse } from './wire.ts';

/** The whole registry at one revision, which `Registry-Revision` tells. */
export const exported = operation({
  described: {
    id: 'export',
    tag: 'changes',
    summary: 'The whole registry',
    description:
      'Every version of every status, a JSON object a line, all as they were at the revision that `Registry-Revision` ' +
      'tells: go on from there with `/changes`. It comes compressed where `Accept-Encoding` asks for `br` or `gzip`. ' +
      'An export that can not be brought to its end is cut off inside of the transfer, which every HTTP client tells ' +
      'as an error: what ended without one is whole.',
    answer: ServerResponse,
    type: 'application/x-ndjson',
    problems: [400, 429, 503],
  },
  query: z.strictObject({}),
  handle: async (context) => ({
    revision: await readRevision(context.reads.sql),
    stream: async () => {
      const { revision, lines } = await openExport(context);
      return { revision, body: lines };
    },
    type: 'application/x-ndjson',
    tags: [LIST_TAG],
  }),
});
