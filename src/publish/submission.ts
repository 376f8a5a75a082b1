import { serverTarget } from '../auth/authorize.ts';
import type { Target } from '../auth/decide.ts';
import { RegistryError } from '../errors.ts';
import type { ServerStatus } from '../servers/rows.ts';
import { validateDocument, type ValidationIssue } from '../servers/validation/validate.ts';
import { prepareVersion, type PreparedVersion, type PublishedBy } from './prepared.ts';

/** A server.json that someone wants to write. */
export interface Submission {
  /** As it was sent. */
  text: string;
  document: Record<string, unknown> | null;
  issues: ValidationIssue[];
}

/** Reads and checks a document, all of it at once; refuses nothing yet: who may not write a name need not learn more. */
export function readSubmission(text: string): Submission {
  const { document, issues } = validateDocument(text);
  return { text, document, issues };
}

/** The name that a document wants, for the audit; empty when it has none. */
export function nameIn({ document }: Submission): string {
  return typeof document?.name === 'string' ? document.name.slice(0, 255) : '';
}

/** The server that a document is of; throws VALIDATION_FAILED with all issues when its name can't be one. */
export function targetOf(submission: Submission): Target {
  try {
    return serverTarget(nameIn(submission));
  } catch (error) {
    refuseUnsound(submission);
    throw error;
  }
}

/** Throws VALIDATION_FAILED with everything that is wrong with a document. */
export function refuseUnsound({ issues }: Submission): void {
  const errors = issues.filter((issue) => issue.severity === 'error');
  const [first] = errors;
  if (!first) return;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new RegistryError(
    'VALIDATION_FAILED',
    `server.json is not valid: ${first.path ? `${first.path}: ` : ''}${first.message}${more}`,
    { issues, errors: errors.map(({ message, path }) => ({ message, location: path ? `body.${path}` : 'body' })) },
  );
}

/** The version that a sound document is, with what the database keeps beside it. */
export function toVersion(
  { text, document }: Submission,
  kept: { status?: ServerStatus; statusMessage?: string | null; updatedAt?: string; publisher?: PublishedBy } = {},
): PreparedVersion {
  const { status = 'active', statusMessage = null, updatedAt = null, publisher } = kept;
  return prepareVersion({
    name: String(document?.name),
    version: String(document?.version),
    document: text,
    status,
    statusMessage,
    publishedAt: null,
    updatedAt,
    statusChangedAt: null,
    source: null,
    publisher,
  });
}

/** Refuses another spelling of a server's name: there is one, and everyone copies it. */
export function refuseOtherSpelling(name: string, asked: string): void {
  if (name === asked) return;
  throw new RegistryError(
    'VALIDATION_FAILED',
    `The server is called ${name}: names that differ only in case are one. Write it so in server.json.`,
    { issues: [], errors: [{ message: `expected ${name}`, location: 'body.name' }] },
  );
}
