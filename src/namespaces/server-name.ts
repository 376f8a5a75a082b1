import { RegistryError } from '../errors.ts';

/** A server's name, parsed. */
export interface ServerName {
  /** As it was written. */
  readonly name: string;
  readonly namespace: string;
  readonly slug: string;
  /** What names are compared by. */
  readonly key: string;
  readonly namespaceKey: string;
}

const MIN_LENGTH = 3;
const MAX_LENGTH = 200;
const MAX_LABEL = 63;

/** The key that names are compared by: ASCII letters in lower case, all else as it stands. */
export function nameKey(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The part of a server's name before its slash. */
export function namespaceOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

/**
 * Parses the name of a server to be published: a namespace, one slash, a name (official registry, section 2.1), and
 * stricter where DNS is: every part of the namespace must be a label. Throws BAD_USER_INPUT with the rule.
 */
export function parseServerName(text: string): ServerName {
  if (text.length < MIN_LENGTH || text.length > MAX_LENGTH) {
    throw refused(`A server's name has ${MIN_LENGTH} to ${MAX_LENGTH} characters, this one has ${text.length}.`);
  }
  const parts = text.split('/');
  const [namespace = '', slug = ''] = parts;
  if (parts.length !== 2) {
    throw refused(
      `A server's name is a namespace, one slash and a name, such as io.github.alice/weather: ${show(text)} has ${parts.length - 1} slashes.`,
    );
  }
  const parsed = parseNamespace(namespace);
  if (!/^[a-zA-Z0-9._-]{2,}$/.test(slug) || !isAlphanumeric(slug.at(0)) || !isAlphanumeric(slug.at(-1))) {
    throw refused(
      `The part behind the slash is at least two ASCII letters, digits, dots, underscores or hyphens, and begins and ends with a letter or digit: ${show(slug)} does not.`,
    );
  }
  return { name: text, namespace, slug, key: nameKey(text), namespaceKey: parsed.key };
}

/** Parses a namespace, a domain turned round: `io.github.alice`, `com.example`. Throws BAD_USER_INPUT with the rule. */
export function parseNamespace(text: string): { name: string; key: string } {
  if (text.length > MAX_LENGTH) {
    throw refused(`A namespace has at most ${MAX_LENGTH} characters, this one has ${text.length}.`);
  }
  const labels = text.split('.');
  if (labels.length < 2) {
    throw refused(
      `A namespace is a domain turned round, such as com.example or io.github.alice: ${show(text)} has no dot.`,
    );
  }
  const wrong = labels.find((label) => !isLabel(label));
  if (wrong !== undefined) {
    throw refused(
      `Between its dots a namespace has ASCII letters, digits and, not at an end, hyphens: ${show(wrong)} is something else.`,
    );
  }
  return { name: text, key: nameKey(text) };
}

const isAlphanumeric = (character = '') => /^[a-zA-Z0-9]$/.test(character);

const isLabel = (label: string) =>
  label.length <= MAX_LABEL && /^[a-zA-Z0-9-]+$/.test(label) && !label.startsWith('-') && !label.endsWith('-');

const show = (text: string) => JSON.stringify(text.slice(0, 100));

const refused = (message: string) => new RegistryError('BAD_USER_INPUT', message);
