import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDeviceFlow, type FakeDeviceFlow } from './fake-device-flow.ts';

/** A GitHub on loopback: users and organisations by number, tokens of our app and of others, and ways to fail. */
export interface FakeGithub {
  apiUrl: string;
  /** Makes a user or organisation, or renames the one with this number. */
  name(id: number, login: string): void;
  /** Makes a user a member of an organisation, or takes the membership away with a null role. */
  member(userId: number, organisationId: number, role: 'admin' | 'member' | null, state?: 'active' | 'pending'): void;
  /** Gives a user a token, by default of our app and allowed to see organisations. */
  issue(userId: number, options?: { app?: 'ours' | 'other'; scopes?: string[] }): string;
  revoke(token: string): void;
  device: FakeDeviceFlow;
  /** Answers everything so from here on; null ends it. */
  fail(answer: ((request: IncomingMessage, response: ServerResponse) => void) | null): void;
  /** Method and path of each request so far. */
  requests: string[];
  close(): Promise<void>;
}

export const CLIENT_ID = 'Iv1.registry';
export const CLIENT_SECRET = 'canary-client-secret';

/** Starts the fake. */
export async function startFakeGithub(): Promise<FakeGithub> {
  const logins = new Map<number, string>();
  const members = new Map<string, { userId: number; organisationId: number; role: string; state: string }>();
  const tokens = new Map<string, { userId: number; app: string; scopes: string[] }>();
  const requests: string[] = [];
  let failing: ((request: IncomingMessage, response: ServerResponse) => void) | null = null;

  const person = (id: number) => ({ id, login: logins.get(id) });
  const membership = (one: { organisationId: number; role: string; state: string }) => ({
    state: one.state,
    role: one.role,
    organization: person(one.organisationId),
  });
  const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (failing) return failing(request, response);
    void answer(request, response);
  });

  const issue: FakeGithub['issue'] = (userId, { app = 'ours', scopes = ['read:user', 'read:org'] } = {}) => {
    const token = `gho_${randomBytes(18).toString('base64url')}`;
    tokens.set(token, { userId, app, scopes });
    return token;
  };
  const device = createDeviceFlow(CLIENT_ID, issue);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/login/')) return device.answer(request, response);
    const url = new URL(request.url ?? '/', 'http://github.test');
    const authorization = request.headers.authorization ?? '';
    if (url.pathname === `/applications/${CLIENT_ID}/token`) {
      const basic = `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`;
      if (authorization !== basic) return json(response, 401, { message: 'Bad credentials' });
      const { access_token } = JSON.parse((await request.toArray()).join('')) as { access_token: string };
      const token = tokens.get(access_token);
      if (token?.app !== 'ours') return json(response, 404, { message: 'Not Found' });
      return json(response, 200, { app: { client_id: CLIENT_ID }, user: person(token.userId) });
    }
    const token = tokens.get(authorization.replace(/^Bearer /, ''));
    if (!token) return json(response, 401, { message: 'Bad credentials' });
    if (url.pathname === '/user') return json(response, 200, person(token.userId));
    if (!token.scopes.includes('read:org')) return json(response, 403, { message: 'You need the scope read:org' });
    const own = [...members.values()].filter((one) => one.userId === token.userId);
    const [, login] = /^\/user\/memberships\/orgs\/([^/]+)$/.exec(url.pathname) ?? [];
    if (login !== undefined) {
      const one = own.find(({ organisationId }) => logins.get(organisationId)?.toLowerCase() === login.toLowerCase());
      return one ? json(response, 200, membership(one)) : json(response, 404, { message: 'Not Found' });
    }
    const active = own.filter((one) => one.state === 'active');
    const [page, size] = [Number(url.searchParams.get('page')), Number(url.searchParams.get('per_page'))];
    return json(response, 200, active.slice((page - 1) * size, page * size).map(membership));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    name: (id, login) => void logins.set(id, login),
    member: (userId, organisationId, role, state = 'active') => {
      const key = `${userId} ${organisationId}`;
      if (role === null) members.delete(key);
      else members.set(key, { userId, organisationId, role, state });
    },
    issue,
    device,
    revoke: (token) => void tokens.delete(token),
    fail: (answer) => void (failing = answer),
    requests,
    close: () => closeServer(server),
  };
}

/** Closes a server and what is connected to it. */
export function closeServer(server: { close(done: () => void): unknown; closeAllConnections?(): void }): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections?.();
  });
}
