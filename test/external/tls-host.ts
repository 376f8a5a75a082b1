import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { KeyFilePolicy } from '../../src/external/key-file.ts';
import { makeCertificate } from './certificate.ts';
import { closeServer } from './fake-github.ts';

/** Web servers of some domains, on loopback by TLS, whose certificate this process trusts. */
export interface TlsHost {
  /** What leads a key file's reader here. */
  policy: KeyFilePolicy;
  /** Puts a key file at a domain, or takes it away. */
  keyFile(domain: string, body: string | null): void;
  /** Answers everything so from here on; null ends it. */
  fail(answer: ((request: IncomingMessage, response: ServerResponse) => void) | null): void;
  close(): Promise<void>;
}

/** Starts the server for these domains. */
export async function startTlsHost(domains: string[]): Promise<TlsHost> {
  const certificate = makeCertificate(domains);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate.cert]);
  const files = new Map<string, string>();
  let failing: ((request: IncomingMessage, response: ServerResponse) => void) | null = null;
  const server = createServer(certificate, (request, response) => {
    if (failing) return failing(request, response);
    const body = files.get((request.headers.host ?? '').replace(/:\d+$/, ''));
    const known = body !== undefined && request.url === '/.well-known/mcp-registry-auth';
    response.writeHead(known ? 200 : 404, { 'content-type': 'text/plain' }).end(known ? body : 'nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    policy: { lookup: async () => ['127.0.0.1'], allowPrivate: true, port },
    keyFile: (domain, body) => {
      if (body === null) files.delete(domain);
      else files.set(domain, body);
    },
    fail: (answer) => void (failing = answer),
    close: () => closeServer(server),
  };
}
