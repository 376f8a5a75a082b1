import { CliError } from './errors.ts';

/** A request; bounded in time and size, and never passed on to another address. */
export interface Ask {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string | URLSearchParams;
  timeoutMs?: number;
  /** Whom it is sent to, in sentences: `the registry`. */
  whom: string;
}

const TIMEOUT_MS = 60_000;
const MAX_BYTES = 20 * 1024 * 1024;

/** Sends a request and reads the answer's text, whatever its status. */
export async function send(url: string, { whom, timeoutMs = TIMEOUT_MS, ...ask }: Ask) {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await open(url, { whom, ...ask, signal });
    return { status: response.status, headers: response.headers, text: await readText(response, url, whom) };
  } catch (error) {
    throw error instanceof CliError ? error : away(error, url, whom);
  }
}

/** Opens an answer without reading it. A redirect is never followed: a token or a proof would go with it. */
export async function open(url: string, { whom, ...ask }: Ask & { signal: AbortSignal }): Promise<Response> {
  const response = await fetch(url, { ...ask, redirect: 'manual' }).catch((error: unknown) => {
    throw away(error, url, whom);
  });
  if (response.status < 300 || response.status > 399 || response.status === 304) return response;
  await response.body?.cancel();
  const to = response.headers.get('location') ?? 'nowhere';
  throw new CliError(
    'usage',
    'REDIRECTED',
    `${capital(whom)} at ${url} sends elsewhere, to ${to.slice(0, 200)}, and nothing of yours goes there unasked; if you trust it, name it yourself.`,
  );
}

/** The text of an answer, bounded. */
export async function readText(response: Response, url: string, whom: string): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of chunksOf(response)) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw badAnswer(
        `${capital(whom)} at ${url} answers with more than ${MAX_BYTES >> 20} MB: nothing of it was used.`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** An answer as it arrives; every runtime's is iterable, whatever its types say. */
export const chunksOf = ({ body }: Response) => (body ?? []) as unknown as AsyncIterable<Uint8Array>;

/** An answer that makes no sense to us. */
export const badAnswer = (sentence: string, details: Record<string, unknown> = {}) =>
  new CliError('refused', 'BAD_ANSWER', sentence, details);

/** Why nobody answered, in one sentence. */
export function away(error: unknown, url: string, whom: string): CliError {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const code = cause?.code ?? '';
  const { host } = new URL(url);
  const sentence = isTls(code)
    ? `The certificate of ${host} is not to be trusted (${code}): check the address and this machine's clock; a private authority is named by NODE_EXTRA_CA_CERTS.`
    : name === 'TimeoutError'
      ? `${capital(whom)} at ${host} does not answer in time: try again.`
      : `${capital(whom)} at ${host} can not be reached (${(reasons[code] ?? code) || cause?.message || message}): check the address and that it runs, then try again.`;
  return new CliError('away', 'UNREACHABLE', sentence, { retryable: true });
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'its name can not be looked up',
  ECONNRESET: 'connection cut',
  UND_ERR_SOCKET: 'connection cut',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
};

const isTls = (code: string) => /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(code);

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
