import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { closeServer } from './fake-github.ts';

/** An OpenID Connect issuer on loopback, at the paths of GitHub Actions and of discovery. */
export interface FakeOidc {
  issuer: string;
  /** Signs a token of this issuer that lasts five minutes; claims replace its own, and one that is undefined is left out. */
  sign(claims: JWTPayload, options?: { kid?: string; key?: CryptoKey; now?: Date }): Promise<string>;
  /** Signs with a new key from here on, which the key set then has beside the old one. */
  rotate(): Promise<void>;
  /** Answers everything so from here on; null ends it. */
  fail(answer: ((request: IncomingMessage, response: ServerResponse) => void) | null): void;
  /** Paths asked for so far. */
  requests: string[];
  close(): Promise<void>;
}

/** Starts the fake. */
export async function startFakeOidc(): Promise<FakeOidc> {
  const published: JWK[] = [];
  const requests: string[] = [];
  let failing: ((request: IncomingMessage, response: ServerResponse) => void) | null = null;
  let current: { kid: string; key: CryptoKey };
  let tokens = 0;

  const rotate = async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const kid = `key-${published.length + 1}`;
    published.push({ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' });
    current = { kid, key: privateKey };
  };
  await rotate();

  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (failing) return failing(request, response);
    const body =
      request.url === '/.well-known/openid-configuration'
        ? { issuer, jwks_uri: `${issuer}/keys` }
        : { keys: published };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    sign: (claims, { kid = current.kid, key = current.key, now = new Date() } = {}) => {
      const seconds = Math.floor(now.valueOf() / 1000);
      tokens += 1;
      const defaults = { iss: issuer, iat: seconds, nbf: seconds, exp: seconds + 300, jti: `token-${tokens}` };
      return new SignJWT({ ...defaults, ...claims }).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
    },
    rotate,
    fail: (answer) => void (failing = answer),
    requests,
    close: () => closeServer(server),
  };
}
