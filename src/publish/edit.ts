import { appendAudit } from '../audit/audit.db.ts';
import { authorize, authorizeWrite, serverTarget } from '../auth/authorize.ts';
import type { Target } from '../auth/decide.ts';
import type { Viewer } from '../auth/viewer.ts';
import { actorOf, write } from '../auth/write.ts';
import type { Context } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { checkText } from '../input.ts';
import type { VersionEntry } from '../servers/entries.ts';
import { followUp } from './follow-up.ts';
import { provePackages } from './ownership.ts';
import { keyOf, type PreparedVersion } from './prepared.ts';
import { refuseConflicts, settle } from './settle.ts';
import { showVersion } from './show.ts';
import { lockServer } from './status.db.ts';
import {
  nameIn,
  readSubmission,
  refuseOtherSpelling,
  refuseUnsound,
  toVersion,
  type Submission,
} from './submission.ts';
import { findExisting, updateVersions } from './write.db.ts';

/** A correction of what was published. */
export interface EditInput {
  name: string;
  version: string;
  /** The new server.json as it was sent. */
  text: string;
  /** For the audit. */
  reason: string | null;
}

/**
 * Corrects a published document, which only an administrator may: everything else of the version stays. Throws NOT_FOUND,
 * VALIDATION_FAILED, OWNERSHIP_UNPROVEN, REMOTE_URL_TAKEN, UPSTREAM_UNAVAILABLE and what `authorize` throws.
 */
export function editVersion(context: Context, input: EditInput): Promise<VersionEntry> {
  const { app } = context;
  const submission = readSubmission(input.text);
  return write(context, { action: 'version.edit', target: input.name.slice(0, 255) }, async (viewer) => {
    const target = serverTarget(input.name);
    await authorize(app, viewer, 'edit', target);
    if (input.reason !== null) checkText(input.reason, 'A reason', 500);
    refuseUnsound(submission);
    refuseRename(input, submission);
    const version = await provePackages(app, toVersion(submission));
    return showVersion(app, await store(context, { viewer, target, version, reason: input.reason }));
  });
}

/** In the official registry's words (section 1.2). */
function refuseRename({ name, version }: EditInput, submission: Submission): void {
  if (nameIn(submission).toLowerCase() !== name.toLowerCase()) {
    throw new RegistryError('BAD_USER_INPUT', 'Cannot rename server: the document has another name.');
  }
  if (submission.document?.version === version) return;
  throw new RegistryError('BAD_USER_INPUT', 'Version in request body must match URL path parameter');
}

interface Storing {
  viewer: Viewer;
  target: Target;
  version: PreparedVersion;
  reason: string | null;
}

function store({ app, requestId }: Context, { viewer, target, version, reason }: Storing): Promise<number> {
  return app.db.transaction(async (sql) => {
    const server = await lockServer(sql, target.key);
    await authorizeWrite(app, sql, { viewer, action: 'edit', target });
    const all = await findExisting(sql, [version]);
    const existing = all.get(keyOf(version));
    if (!server || !existing || existing.status === 'deleted') throw notFound(existing !== undefined);
    refuseOtherSpelling(server.name, version.name);
    if (existing.digest === version.digest) return existing.id;
    const { status, statusMessage } = existing;
    const edited = { ...version, status, statusMessage };
    await settle(sql, await updateVersions(sql, [edited], all), async (conflicts) => {
      refuseConflicts(conflicts);
      const details = { version: version.version, reason, before: existing.digest, after: version.digest, requestId };
      const entry = { actor: actorOf(viewer.account), action: 'version.edit', target: target.key, details };
      await appendAudit(sql, { ...entry, outcome: 'done' });
      await followUp(app, sql, [target.key]);
    });
    return existing.id;
  });
}

const notFound = (deleted: boolean) =>
  new RegistryError(
    'NOT_FOUND',
    deleted ? 'Server not found: the version is deleted, restore it first' : 'Server not found',
  );
