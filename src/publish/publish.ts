import { appendAudit } from '../audit/audit.db.ts';
import { authorize, authorizeWrite } from '../auth/authorize.ts';
import type { Target } from '../auth/decide.ts';
import type { Viewer } from '../auth/viewer.ts';
import { actorOf, write } from '../auth/write.ts';
import type { Context, Sql } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { published, publishRefused } from '../events.ts';
import type { VersionEntry } from '../servers/entries.ts';
import type { ValidationIssue } from '../servers/validation/validate.ts';
import { traced } from '../tracing.ts';
import { followUp } from './follow-up.ts';
import { provePackages } from './ownership.ts';
import type { PreparedVersion } from './prepared.ts';
import { showVersion } from './show.ts';
import { refuseConflicts, settle } from './settle.ts';
import { nameIn, readSubmission, refuseOtherSpelling, refuseUnsound, targetOf, toVersion } from './submission.ts';
import { ensureServers, findPlace, insertVersions } from './write.db.ts';

/** `valid`: all is well, and nothing was written, since nothing was to be. */
export type PublishOutcome = 'created' | 'unchanged' | 'valid';

/** What became of a server.json. */
export interface Published {
  outcome: PublishOutcome;
  /** Null when it was only tried, and is not there. */
  version: VersionEntry | null;
  /** What is not wrong, but should be better. */
  warnings: ValidationIssue[];
}

/** Versions that one server may have (official registry, section 1.5). */
export const MAX_VERSIONS = 10_000;

/**
 * Publishes a server.json: read it → may this viewer use its name? → is it sound? → is it there already? → do its packages
 * belong to it? → store it, in one short transaction. The same document again is answered with what is there. Throws
 * VALIDATION_FAILED, OWNERSHIP_UNPROVEN, VERSION_EXISTS, REMOTE_URL_TAKEN, LIMIT_REACHED, UPSTREAM_UNAVAILABLE and what
 * `authorize` throws.
 */
export async function publish(
  context: Context,
  { text, dryRun }: { text: string; dryRun: boolean },
): Promise<Published> {
  const submission = traced('publish: read', () => readSubmission(text));
  const spec = { action: dryRun ? 'publish.try' : 'publish', target: nameIn(submission) };
  const work = write(context, spec, async (viewer): Promise<Published> => {
    const { app } = context;
    const target = targetOf(submission);
    await traced('publish: authorize', () => authorize(app, viewer, 'publish', target));
    refuseUnsound(submission);
    const { method, subject, account } = viewer;
    const version = toVersion(submission, { publisher: { accountId: account.id, method, subject } });
    const warnings = submission.issues;
    const known = await traced('publish: look up', () => findSame(app.db.sql, version));
    if (known !== null) return { outcome: 'unchanged', version: await showVersion(app, known), warnings };
    const proved = await traced('publish: prove packages', () => provePackages(app, version));
    const storing = { viewer, target, version: proved, dryRun };
    const stored = await traced('publish: store', () => store(context, storing));
    if (!stored) return { outcome: 'valid', version: null, warnings };
    const { id, created } = stored;
    return { outcome: created ? 'created' : 'unchanged', version: await showVersion(app, id), warnings };
  });
  return tell(context, work, { name: spec.target, dryRun });
}

/** Tells of what became of it, either way. */
async function tell(
  { app }: Context,
  work: Promise<Published>,
  of: { name: string; dryRun: boolean },
): Promise<Published> {
  try {
    const done = await work;
    published(app, done.outcome, { ...of, version: done.version?.version ?? '' });
    return done;
  } catch (error) {
    publishRefused(app, error, of);
    throw error;
  }
}

interface Storing {
  viewer: Viewer;
  target: Target;
  version: PreparedVersion;
  dryRun: boolean;
}

/** Thrown to undo a transaction in which all went well. */
class DryRun extends Error {}

/** The transaction: all of it is there with its commit, or nothing is; null when it was only tried, and undone. */
async function store(context: Context, storing: Storing): Promise<{ id: number; created: boolean } | null> {
  try {
    return await context.app.db.transaction((sql) => storeIn(sql, context, storing));
  } catch (error) {
    if (error instanceof DryRun) return null;
    throw error;
  }
}

async function storeIn(sql: Sql, { app, requestId }: Context, { viewer, target, version, dryRun }: Storing) {
  const servers = await ensureServers(sql, [version]);
  await authorizeWrite(app, sql, { viewer, action: 'publish', target });
  const known = await findSame(sql, version);
  if (known !== null) return { id: known, created: false };
  const [change] = await insertVersions(sql, [version], servers);
  await settle(sql, [change!], async (conflicts) => {
    refuseConflicts(conflicts);
    if (dryRun) throw new DryRun();
    const { name, version: number, digest } = version;
    const details = { version: number, digest, method: viewer.method, subject: viewer.subject, requestId };
    const entry = { actor: actorOf(viewer.account), action: 'publish', target: name, details };
    await appendAudit(sql, { ...entry, outcome: 'done' });
    await followUp(app, sql, [version.nameKey]);
  });
  return { id: change!.versionId, created: true };
}

/** The id of this very document where it is published already; throws VERSION_EXISTS where another is, for good, and LIMIT_REACHED. */
async function findSame(sql: Sql, { nameKey, name, version, digest }: PreparedVersion): Promise<number | null> {
  const place = await findPlace(sql, nameKey, version);
  if (!place) return null;
  refuseOtherSpelling(place.serverName, name);
  const { existing, versions } = place;
  if (existing?.digest === digest) return existing.id;
  if (existing) {
    throw new RegistryError(
      'VERSION_EXISTS',
      `invalid version: cannot publish duplicate version: ${name} ${version} is there with another document, and a version is written once. Publish the change under a new version.`,
      { existing: { name, version, digest: existing.digest, status: existing.status } },
    );
  }
  if (versions < MAX_VERSIONS) return null;
  throw new RegistryError(
    'LIMIT_REACHED',
    `maximum number of versions for this server reached (${MAX_VERSIONS}): ask the operators if you need more.`,
  );
}
