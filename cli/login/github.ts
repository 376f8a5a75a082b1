import { setTimeout as sleep } from 'node:timers/promises';
import { clean } from '../clean.ts';
import { CliError } from '../errors.ts';
import { badAnswer, send } from '../http.ts';

/** The registry's app at a GitHub. */
export interface GithubApp {
  url: string;
  clientId: string;
}

/** What a person has to do: type the code at the address. */
export interface DeviceCode {
  userCode: string;
  verificationUrl: string;
}

const SCOPES = 'read:user read:org';
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const SLOWER_S = 5;

/** GitHub's device flow (RFC 8628): shows the code, then asks as often as GitHub allows until someone has typed it; gives the access token. */
export async function deviceFlow({ url, clientId }: GithubApp, show: (code: DeviceCode) => void): Promise<string> {
  const start = await ask(`${url}/login/device/code`, { client_id: clientId, scope: SCOPES });
  const { device_code, user_code, verification_uri, expires_in, interval } = start;
  const isSound = typeof device_code === 'string' && typeof user_code === 'string' && isWeb(verification_uri);
  if (!isSound) {
    throw badAnswer(
      `${url} offers no device login${told(start)}: ask who runs the registry to enable the device flow of its app.`,
    );
  }
  show({ userCode: clean(user_code).slice(0, 40), verificationUrl: String(verification_uri) });
  let seconds = bounded(interval, 1, 60, 5);
  const until = Date.now() + bounded(expires_in, 1, 1_800, 900) * 1_000;
  while (Date.now() < until) {
    await sleep(seconds * 1_000);
    const form = { client_id: clientId, device_code, grant_type: GRANT };
    const answer = await ask(`${url}/login/oauth/access_token`, form);
    if (typeof answer.access_token === 'string') return answer.access_token;
    if (answer.error === 'slow_down') seconds = bounded(answer.interval, seconds, 300, seconds + SLOWER_S);
    else if (answer.error !== 'authorization_pending') throw refused(answer);
  }
  throw refused({ error: 'expired_token' });
}

async function ask(url: string, form: Record<string, string>): Promise<Record<string, unknown>> {
  const body = new URLSearchParams(form);
  const { text, status } = await send(url, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body,
    whom: 'GitHub',
  });
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null) return answer as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new CliError('away', 'UPSTREAM_UNAVAILABLE', `GitHub answers something odd (HTTP ${status}): try again.`, {
    retryable: true,
  });
}

function refused(answer: Record<string, unknown>): CliError {
  const sentence =
    {
      expired_token: 'The code has expired: run `mcp login github` again.',
      access_denied: 'The login was refused at GitHub: run `mcp login github` again if that was not meant.',
    }[String(answer.error)] ?? `GitHub refuses the login${told(answer)}.`;
  return new CliError('login', 'PROOF_REJECTED', sentence);
}

const told = ({ error, error_description }: Record<string, unknown>) => {
  const said = error_description ?? error;
  return typeof said === 'string' ? ` (${clean(said).slice(0, 200)})` : '';
};

const isWeb = (url: unknown): url is string =>
  typeof url === 'string' && /^https?:\/\/[\x21-\x7e]+$/.test(url) && URL.canParse(url);

const bounded = (value: unknown, least: number, most: number, otherwise: number) =>
  typeof value === 'number' && value >= least ? Math.min(value, most) : otherwise;
