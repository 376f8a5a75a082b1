import type { Lookup } from './address.ts';
import { guardedFetch } from './fetch.ts';

/** Reads the file in which a domain publishes its keys; throws an ExternalError when it can't be told. */
export type ReadKeyFile = (domain: string) => Promise<{ status: number; body: string }>;

/** For tests, whose hosts are on loopback: everyone else is held to the public internet and port 443. */
export interface KeyFilePolicy {
  lookup: Lookup;
  allowPrivate: boolean;
  port: number;
}

const MAX_BYTES = 4_096;
const TIMEOUT_MS = 8_000;

/** Makes the reader of `https://<domain>/.well-known/mcp-registry-auth`: no redirects, 8 s, 4 KiB (official registry, section 1.8). */
export function createKeyFileReader(policy?: KeyFilePolicy): ReadKeyFile {
  return async (domain) => {
    const { port, ...guard } = policy ?? {};
    const host = port === undefined ? domain : `${domain}:${port}`;
    const answer = await guardedFetch(`https://${host}/.well-known/mcp-registry-auth`, {
      headers: { accept: 'text/plain' },
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
      ...guard,
    });
    if (answer.status === 200) return { status: 200, body: await answer.text() };
    // What else a server says may be longer than a key, and counts for nothing.
    answer.discard();
    return { status: answer.status, body: '' };
  };
}
