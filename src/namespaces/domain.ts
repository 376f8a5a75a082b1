import { domainToASCII } from 'node:url';
import { getDomain, parse } from 'tldts';
import { RegistryError } from '../errors.ts';
import { isPublicSuffix, reservedFor } from './reserved.ts';

/** A domain that can be proved. */
export interface Domain {
  /** In lower case, ASCII (punycode), without a dot at its end. */
  readonly name: string;
  /** Turned round: the namespace that it proves. */
  readonly namespaceKey: string;
  /** The part that is registered: `example.co.uk` of `a.b.example.co.uk`. */
  readonly registrable: string;
}

const MAX_LENGTH = 253;

/** Reads a bare domain; throws BAD_USER_INPUT for what is none, public suffixes, and what is reserved for other proofs. */
export function parseDomain(text: string): Domain {
  const given = text.trim();
  if (given.length > MAX_LENGTH + 1) throw invalid(`it is longer than ${MAX_LENGTH} characters`);
  if (/[/:@?#\\\s%]/.test(given)) {
    throw invalid('pass the bare domain, such as example.com, without https:// or a path');
  }
  const name = domainToASCII(given.replace(/\.$/, '')).toLowerCase();
  const { isIp, domain: registrable } = parse(name, { allowPrivateDomains: true });
  if (isIp || /^(0x[0-9a-f]*|\d+)$/.test(name.split('.').at(-1) ?? '')) throw invalid('an IP address is not a domain');
  const labels = name.split('.');
  if (name.length > MAX_LENGTH || labels.length < 2 || !labels.every(isLabel)) {
    throw invalid('it has at least two labels of letters, digits and hyphens, such as example.com');
  }
  const namespaceKey = labels.toReversed().join('.');
  if (isPublicSuffix(name)) {
    throw new RegistryError(
      'BAD_USER_INPUT',
      `${name} is a public suffix, under which anyone can register, so it belongs to nobody.`,
    );
  }
  if (reservedFor(namespaceKey) !== null) {
    const help = namespaceKey.startsWith('io.github.')
      ? 'names under io.github.* come by a GitHub login'
      : 'it is reserved for the registry itself';
    throw new RegistryError('BAD_USER_INPUT', `${name} can not be proved: ${help}.`);
  }
  if (registrable === null) throw invalid('it can not be registered');
  return { name, namespaceKey, registrable };
}

/** The domain that a namespace is turned round. */
export const domainOfNamespace = (namespaceKey: string): string => namespaceKey.split('.').reverse().join('.');

/** Whether a proof of the domain covers a namespace: its own and, with `subtree`, those below that no one else can register. */
export function covers({ namespaceKey: own, registrable }: Domain, namespaceKey: string, subtree: boolean): boolean {
  if (namespaceKey === own) return true;
  if (!subtree || !namespaceKey.startsWith(`${own}.`) || reservedFor(namespaceKey) !== null) return false;
  return getDomain(domainOfNamespace(namespaceKey), { allowPrivateDomains: true }) === registrable;
}

const isLabel = (label: string) => /^[a-z0-9-]{1,63}$/.test(label) && !label.startsWith('-') && !label.endsWith('-');

const invalid = (why: string) => new RegistryError('BAD_USER_INPUT', `invalid domain format: ${why}.`);
