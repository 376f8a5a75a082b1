import { z } from 'zod';
import type { VersionEntry } from '../../servers/entries.ts';
import { ServerJson } from './server-json.ts';

/** The text of a list's body: each version's ready-made text, so that no document changes by a byte. */
export function listBody(entries: VersionEntry[], nextCursor?: string): string {
  const metadata = JSON.stringify({ nextCursor, count: entries.length });
  return `{"servers":[${entries.map((entry) => entry.wire).join(',')}],"metadata":${metadata}}`;
}

const time = (description: string) =>
  z.string().meta({ description, format: 'date-time', examples: ['2026-01-02T03:04:05.678901Z'] });

const OfficialMeta = z
  .object({
    status: z.enum(['active', 'deprecated', 'deleted']).meta({ description: 'Whether it should be used.' }),
    statusChangedAt: time('When the status last changed.'),
    statusMessage: z.string().optional().meta({ description: 'Why it has this status.' }),
    publishedAt: time('When it was published.'),
    updatedAt: time('When anything of it last changed.'),
    isLatest: z.boolean().meta({ description: "Whether it is the server's latest version." }),
  })
  .meta({ id: 'OfficialMeta', description: 'What the registry knows of a version.' });

/** A version as it is answered. */
export const ServerResponse = z
  .object({
    server: ServerJson,
    _meta: z.object({ 'io.modelcontextprotocol.registry/official': OfficialMeta }),
  })
  .meta({ id: 'ServerResponse', description: 'A published version: its document and what the registry knows of it.' });

/** A page of versions. */
export const ServerList = z
  .object({
    servers: z.array(ServerResponse),
    metadata: z.object({
      nextCursor: z.string().optional().meta({ description: 'Where the next page begins; absent on the last one.' }),
      count: z.int().min(0).meta({ description: 'Rows of this page; there is no total.' }),
    }),
  })
  .meta({ id: 'ServerList', description: 'A page of versions.' });

/** A page of the change log. */
export const ChangeList = z
  .object({
    changes: z.array(
      z.object({
        revision: z.int().min(1).meta({ description: 'Its place in the log.' }),
        kind: z.enum(['PUBLISHED', 'EDITED', 'STATUS_CHANGED', 'LATEST_CHANGED']).meta({
          description: 'What changed, in the words of GraphQL.',
        }),
        changedAt: time('When it changed here.'),
        ...ServerResponse.shape,
      }),
    ),
    metadata: z.object({
      revision: z.int().min(0).meta({ description: 'Where to go on: pass it as `after`.' }),
      hasMore: z.boolean().meta({ description: 'Whether there are more changes already.' }),
    }),
  })
  .meta({ id: 'ChangeList', description: 'A page of the change log, oldest first.' });

export const Health = z
  .object({ status: z.literal('ok'), github_client_id: z.string().optional() })
  .meta({ id: 'Health', description: 'The registry answers.' });

export const Ping = z.object({ pong: z.literal(true) }).meta({ id: 'Ping', description: 'The answer to a ping.' });

export const Version = z.object({ version: z.string(), git_commit: z.string(), build_time: z.string() }).meta({
  id: 'Version',
  description: 'The build that runs.',
  examples: [{ version: '1.0.0', git_commit: 'unknown', build_time: 'unknown' }],
});

/** What every refusal looks like. */
export const Problem = z
  .object({
    title: z.string().meta({ description: "The status's own words." }),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What is wrong, in one sentence.' }),
    errors: z
      .array(z.object({ message: z.string(), location: z.string(), value: z.unknown() }))
      .optional()
      .meta({ description: 'Each thing that is wrong, where there are several.' }),
    code: z.string().meta({ description: 'What is wrong, for programs; the same as in GraphQL. Codes never change.' }),
    retryable: z.boolean().meta({ description: 'Whether the same request may succeed later.' }),
    requestId: z.string().optional().meta({ description: 'What to tell the operator of an unexpected error.' }),
  })
  .meta({
    id: 'Problem',
    description: 'A refusal (RFC 9457).',
    examples: [
      {
        title: 'Unprocessable Entity',
        status: 422,
        detail: 'validation failed',
        errors: [{ message: 'expected number <= 100', location: 'query.limit', value: 500 }],
        code: 'UNPROCESSABLE',
        retryable: false,
      },
    ],
  });
