import type { TestApp } from '../../app.ts';
import type { Parsed } from '../../servers/walk.ts';

/** What came back of a request as it was sent, whatever it was. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Parsed;
}

/** Sends anything at all to `/graphql`; `query` is what stands behind the question mark. */
export async function send(app: TestApp, init: RequestInit = {}, query = ''): Promise<Answer> {
  const response = await fetch(`${app.url}/graphql${query}`, init);
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
  return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : undefined };
}

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };

/** Posts text as the body. */
export const postText = (app: TestApp, body: BodyInit, headers: Record<string, string> = {}) =>
  send(app, { method: 'POST', headers: { ...JSON_HEADERS, ...headers }, body });

/** Posts a request of whatever shape. */
export const post = (app: TestApp, body: unknown) => postText(app, JSON.stringify(body));

/** Gets with these parameters. */
export const get = (app: TestApp, parameters: Record<string, string>) =>
  send(app, { headers: { accept: 'application/graphql-response+json' } }, `?${new URLSearchParams(parameters)}`);

/** The status, code and sentence of a refusal, as one line. */
export function refusal({ status, body, text }: Answer): string {
  const error = body?.errors?.[0];
  return error ? `${status} ${error.extensions?.code}: ${error.message}` : `${status} ${text.slice(0, 200)}`;
}
