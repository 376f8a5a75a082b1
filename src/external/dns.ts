import { Resolver as SystemResolver } from 'node:dns/promises';
import { traced } from '../tracing.ts';
import { ExternalError } from './external-error.ts';

/** Asks DNS. */
export interface Resolver {
  /** The TXT records of a name, each joined of its strings; none when there definitely are none. Throws an ExternalError, retryable, when it can't be told. */
  txt(name: string): Promise<string[]>;
}

/** What is said of a name that is not there, has no such record, or is too long to be one. */
const ABSENT = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

const TRY_MS = 2_000;
const TRIES = 2;
const TOTAL_MS = 4_000;
const MAX_RECORDS = 500;
const MAX_RECORD = 4_096;

/** Makes a resolver of these servers, `host` or `host:port`; of the system's when there are none. */
export function createResolver(servers: string[]): Resolver {
  return {
    txt: (name) => traced('DNS TXT', () => txt(servers, name), { attributes: { 'dns.question.name': name } }),
  };
}

async function txt(servers: string[], name: string): Promise<string[]> {
  // One each, since what one gives up must not end the questions of others.
  const resolver = new SystemResolver({ timeout: TRY_MS, tries: TRIES });
  if (servers.length > 0) resolver.setServers(servers);
  const timer = setTimeout(() => resolver.cancel(), TOTAL_MS);
  try {
    const records = await resolver.resolveTxt(name);
    return records.slice(0, MAX_RECORDS).map((strings) => strings.join('').slice(0, MAX_RECORD));
  } catch (error) {
    const { code = 'no reason given' } = error as NodeJS.ErrnoException;
    if (ABSENT.has(code)) return [];
    throw new ExternalError('network', `DNS could not say what TXT records ${name} has (${code}).`, error);
  } finally {
    clearTimeout(timer);
  }
}
