import { createHash } from 'node:crypto';

/** The SHA-256 of a text, hex. */
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The operations that the tests trust. */
export const documents = {
  list: 'query List($first: Int = 2) { servers(first: $first) { edges { node { name } } pageInfo { hasNextPage } } }',
  server: 'query Server($name: String!) { server(name: $name) { name latestVersion { version document } } }',
  version: 'query Version($v: String) { serverVersion(name: "com.example/a", version: $v) { version document } }',
  around: '{ serverVersion(name: "com.example/a", version: "1.0.0") { server { name } } }',
  both: '{ a: server(name: "com.example/a") { name } b: server(name: "com.example/none") { name } }',
  viewer: '{ servers { totalCount } viewer { account { id } } }',
  report: '{ validateServer(document: {}) { valid } }',
  types: '{ __schema { queryType { name } } registry { revision } }',
  bad: '{ servers(first: 1000) { totalCount } }',
  wrong: '{ nothing }',
  two: 'query A { registry { serverCount } } query B { registry { versionCount } }',
  login: 'mutation { loginAnonymously { ... on LoginPayload { expiresAt } ... on Error { code } } }',
  follow: 'subscription { changes(after: 0) { revision } }',
};
/** What an operation is asked for by. */
export const id = (name: keyof typeof documents) => `sha256:${sha256(documents[name])}`;

/** Those as GraphQL Code Generator writes them. */
export const manifest = JSON.stringify(
  Object.fromEntries(Object.values(documents).map((text) => [`sha256:${sha256(text)}`, text])),
);
