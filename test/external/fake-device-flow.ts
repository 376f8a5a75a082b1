import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** GitHub's device flow: codes that wait for someone to type them, and how often they are asked about. */
export interface FakeDeviceFlow {
  /** The codes shown so far. */
  userCodes(): string[];
  /** When each question for the token came, in milliseconds. */
  polls: number[];
  /** Types a code as a user. */
  approve(userCode: string, userId: number): void;
  deny(userCode: string): void;
  /** Answers the next questions so, before all else: `slow_down` wants 2 seconds between them from there on. */
  next(...errors: ('slow_down' | 'authorization_pending' | 'expired_token')[]): void;
  /** Answers a request of the flow. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** A device flow whose questions may come every second. */
export function createDeviceFlow(clientId: string, issue: (userId: number) => string): FakeDeviceFlow {
  const codes = new Map<string, { userCode: string; outcome: number | 'denied' | null }>();
  const errors: string[] = [];
  const polls: number[] = [];
  let interval = 1;

  const settle = (userCode: string, outcome: number | 'denied') => {
    for (const one of codes.values()) if (one.userCode === userCode) one.outcome = outcome;
  };

  function start(host: string) {
    const code = { userCode: `${hex().slice(0, 4)}-${hex().slice(0, 4)}`, outcome: null };
    const device = hex() + hex();
    codes.set(device, code);
    const uri = `http://${host}/login/device`;
    return { device_code: device, user_code: code.userCode, verification_uri: uri, expires_in: 900, interval };
  }

  function poll(deviceCode: string) {
    const code = codes.get(deviceCode);
    const tooSoon = polls.length > 0 && Date.now() - polls.at(-1)! < interval * 1_000 - 50;
    polls.push(Date.now());
    const error = errors.shift() ?? (tooSoon ? 'slow_down' : null);
    if (error === 'slow_down') interval = 2;
    if (error !== null) return { error, interval };
    if (!code) return { error: 'incorrect_device_code' };
    if (code.outcome === null) return { error: 'authorization_pending' };
    if (code.outcome === 'denied') return { error: 'access_denied' };
    return { access_token: issue(code.outcome), token_type: 'bearer', scope: 'read:org,read:user' };
  }

  return {
    userCodes: () => [...codes.values()].map((code) => code.userCode),
    polls,
    approve: settle,
    deny: (userCode) => settle(userCode, 'denied'),
    next: (...more) => void errors.push(...more),
    async answer(request, response) {
      const form = new URLSearchParams((await request.toArray()).join(''));
      const known = form.get('client_id') === clientId;
      const body = !known
        ? { error: 'Not Found' }
        : request.url === '/login/device/code'
          ? start(request.headers.host ?? '')
          : poll(form.get('device_code') ?? '');
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    },
  };
}

const hex = () => randomBytes(4).toString('hex').toUpperCase();
