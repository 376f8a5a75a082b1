import { hash } from 'node:crypto';
import { RegistryError } from '../errors.ts';
import type { Resolver } from '../external/dns.ts';
import { ExternalError } from '../external/external-error.ts';
import type { ReadKeyFile } from '../external/key-file.ts';
import { isTime } from '../input.ts';
import { parseDomain, type Domain } from '../namespaces/domain.ts';
import { readChallenge } from './challenge.ts';
import { parseKeyRecords, verifySignature, type PublishedKey } from './domain-key.ts';
import type { SigningKeys } from './keys.ts';

/** A signature, hex, by a key that the domain publishes: of our challenge or, as old clients do it, of the time. */
export type DomainProof = { method: 'dns' | 'http'; domain: string; signature: string } & (
  { challenge: string } | { timestamp: string }
);

/** What a proof is checked with. */
export interface ProofEnv {
  keys: SigningKeys;
  publicUrl: string;
  resolver: Resolver;
  readKeyFile: ReadKeyFile;
}

/** A proof that is good, and by what it counts once. */
export interface CheckedProof {
  domain: Domain;
  replayId: string;
  replayUntil: Date;
}

const WINDOW_MS = 15_000;
const MINUTE_MS = 60_000;
/** Names under which keys are published by mistake (official registry, section 1.8). */
const SELECTORS = ['_mcp-auth', '_mcp-registry'];

/** Checks a domain's proof: its form, then the published keys, then the signature. Throws PROOF_REJECTED, UPSTREAM_UNAVAILABLE. */
export async function checkDomainProof(env: ProofEnv, proof: DomainProof, now: Date): Promise<CheckedProof> {
  const domain = readDomain(proof.domain);
  const message = readMessage(env, proof, domain, now);
  const signature = readHex(proof.signature);
  const keys = proof.method === 'dns' ? await keysInDns(env, domain.name) : await keysInFile(env, domain.name);
  if (!keys.some((key) => verifySignature(key, Buffer.from(message.text), signature))) throw wrongSignature(keys);
  return { domain, replayId: message.replayId, replayUntil: message.replayUntil };
}

/** What is malformed proves nothing either: old clients know one status for all of it. */
function readDomain(text: string): Domain {
  try {
    return parseDomain(text);
  } catch (error) {
    throw error instanceof RegistryError ? rejected(error.message) : error;
  }
}

/** What was signed, and the id by which it counts once: of the message, for one message has many signatures. */
function readMessage(env: ProofEnv, proof: DomainProof, { name }: Domain, now: Date) {
  if ('challenge' in proof) {
    const { domain, method, replayId, expiresAt } = readChallenge(env.keys, proof.challenge, { ...env, now });
    if (domain !== name || method !== proof.method) {
      throw rejected(`The challenge is for ${domain} by ${method}: ask for one for ${name} by ${proof.method}.`);
    }
    return { text: proof.challenge, replayId, replayUntil: new Date(expiresAt.valueOf() + MINUTE_MS) };
  }
  const { timestamp } = proof;
  if (!isTime(timestamp)) {
    throw rejected('invalid timestamp format: send the time now in RFC 3339, such as 2026-01-02T03:04:05Z');
  }
  const time = new Date(timestamp);
  if (Math.abs(time.valueOf() - now.valueOf()) > WINDOW_MS) {
    throw rejected('timestamp outside valid window (±15 seconds): check the clock of this machine');
  }
  return {
    text: timestamp,
    replayId: `timestamp ${hash('sha256', `${name}\n${timestamp}`)}`,
    replayUntil: new Date(time.valueOf() + WINDOW_MS + MINUTE_MS),
  };
}

function readHex(signature: string): Buffer {
  if (/^([0-9a-f]{2}){1,200}$/i.test(signature)) return Buffer.from(signature, 'hex');
  throw rejected('invalid signature format, must be hex: two digits 0-9 and a-f for each byte');
}

async function keysInDns({ resolver }: ProofEnv, domain: string): Promise<PublishedKey[]> {
  const records = await fetchKeys(() => resolver.txt(domain), 'failed to lookup DNS TXT records');
  const { keys, problems } = parseKeyRecords(records);
  if (keys.length > 0) return keys;
  if (problems[0]) throw rejected(problems[0]);
  const selectors = SELECTORS.map((selector) => `${selector}.${domain}`);
  // It is only a hint: what can't be asked gives none.
  const below = await Promise.all(selectors.map((name) => resolver.txt(name).catch((): string[] => [])));
  const misplaced = selectors.find((_, i) => parseKeyRecords(below[i] ?? []).keys.length > 0);
  if (misplaced !== undefined) {
    throw rejected(
      `no MCPv1 TXT record at "${domain}", but one was found at "${misplaced}" — MCP DNS auth requires the record at the apex domain, not under a selector`,
    );
  }
  throw rejected(`no MCP public key found in DNS TXT records: publish v=MCPv1; k=ed25519; p=<base64> at ${domain}`);
}

async function keysInFile({ readKeyFile }: ProofEnv, domain: string): Promise<PublishedKey[]> {
  const url = `https://${domain}/.well-known/mcp-registry-auth`;
  const { status, body } = await fetchKeys(() => readKeyFile(domain), `failed to fetch key from ${url}`);
  if (status >= 500 || status === 429) throw unavailable(`HTTP ${status}: failed to fetch key from ${url}`);
  if (status !== 200) throw rejected(`HTTP ${status}: failed to fetch key from ${url}`);
  // What a host shows while it is set up, moved or down.
  const isPage = /^\s*</.test(body);
  if (isPage) throw unavailable(`no MCP public key found in HTTP response: ${url} is a web page`);
  const { keys, problems } = parseKeyRecords([body]);
  if (keys.length > 0) return keys;
  throw rejected(
    problems[0] ?? `no MCP public key found in HTTP response: ${url} must hold v=MCPv1; k=ed25519; p=<base64>`,
  );
}

/** An outage, or an answer that is no key file, is no proof and no refusal; only a host inside of some network never is one. */
async function fetchKeys<T>(fetch: () => Promise<T>, failed: string): Promise<T> {
  try {
    return await fetch();
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
    const sentence = `failed to fetch keys: ${failed}: ${error.kind === 'too-large' ? 'HTTP auth key response too large' : error.message}`;
    throw error.kind === 'blocked' ? rejected(sentence) : unavailable(sentence);
  }
}

function wrongSignature(keys: PublishedKey[]): RegistryError {
  const tried = keys.map((key) => key.fingerprint).join(', ');
  if (keys.length === 1) {
    return rejected(
      `signature verification failed (tried published key ${tried}); if this is not the key you are signing with, the published record may be stale`,
    );
  }
  return rejected(
    `signature verification failed against all ${keys.length} published keys (tried: ${tried}); if you recently rotated keys, remove any stale records from the apex domain`,
  );
}

const rejected = (message: string) => new RegistryError('PROOF_REJECTED', message);

const unavailable = (message: string) => new RegistryError('UPSTREAM_UNAVAILABLE', message, { retryAfter: 15 });
