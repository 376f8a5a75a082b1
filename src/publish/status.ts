import { appendAudit } from '../audit/audit.db.ts';
import { authorize, authorizeWrite, serverTarget } from '../auth/authorize.ts';
import type { Target } from '../auth/decide.ts';
import type { Viewer } from '../auth/viewer.ts';
import { actorOf, write } from '../auth/write.ts';
import type { Context, Sql } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { checkText } from '../input.ts';
import type { VersionEntry } from '../servers/entries.ts';
import type { ServerStatus } from '../servers/rows.ts';
import { followUp } from './follow-up.ts';
import { refuseConflicts, settle } from './settle.ts';
import { showVersions } from './show.ts';
import { lockServer, readStatuses, writeStatuses, type StatusRow } from './status.db.ts';

/** The status that versions are to have. */
export interface StatusInput {
  name: string;
  status: ServerStatus;
  /** Shown to everyone; not for `active`. */
  statusMessage: string | null;
  /** For the audit only. */
  reason?: string | null;
}

const MAX_MESSAGE = 500;

/** Sets the status of one version; throws NOT_FOUND, BAD_USER_INPUT, REMOTE_URL_TAKEN and what `authorize` throws. */
export async function setVersionStatus(
  context: Context,
  input: StatusInput & { version: string },
): Promise<VersionEntry> {
  const [entry] = await setStatus(context, input, input.version);
  return entry!;
}

/** Sets the status of every version of a server, in one transaction; gives those that changed, newest first. */
export function setServerStatus(context: Context, input: StatusInput): Promise<VersionEntry[]> {
  return setStatus(context, input, null);
}

function setStatus(context: Context, input: StatusInput, version: string | null): Promise<VersionEntry[]> {
  const action = version === null ? 'server.status' : 'version.status';
  return write(context, { action, target: input.name.slice(0, 255) }, async (viewer) => {
    checkInput(input);
    const target = serverTarget(input.name);
    await authorize(context.app, viewer, 'status', target);
    const ids = await store(context, { viewer, target, input, version });
    return showVersions(context.app, ids);
  });
}

function checkInput({ status, statusMessage, reason }: StatusInput): void {
  if (statusMessage !== null && status === 'active') {
    throw bad('status_message cannot be provided when setting status to active: leave it out, the old one is cleared.');
  }
  if (statusMessage !== null) checkText(statusMessage, 'A status message', MAX_MESSAGE);
  if (reason != null) checkText(reason, 'A reason', MAX_MESSAGE);
}

interface Storing {
  viewer: Viewer;
  target: Target;
  input: StatusInput;
  version: string | null;
}

function store(context: Context, storing: Storing): Promise<number[]> {
  const { app, requestId } = context;
  const { viewer, target, input, version } = storing;
  const { status, statusMessage, reason } = input;
  return app.db.transaction(async (sql) => {
    const server = await lockServer(sql, target.key);
    const permit = await authorizeWrite(app, sql, { viewer, action: 'status', target });
    const byAdministrator = permit.accountId === null && viewer.method === 'oidc';
    const rows = chooseRows(await rowsOf(sql, server, version), { ...storing, byAdministrator });
    const takenDown = byAdministrator && status === 'deleted';
    const changes = await writeStatuses(sql, rows, { status, statusMessage, takenDown });
    await settle(sql, changes, async (conflicts) => {
      refuseConflicts(conflicts);
      const versions = rows.slice(0, 100).map((row) => row.version);
      const details = { status, statusMessage, reason, takenDown, versions, count: rows.length, requestId };
      const action = version === null ? 'server.status' : 'version.status';
      await appendAudit(sql, { actor: actorOf(viewer.account), action, target: target.key, outcome: 'done', details });
      await followUp(app, sql, [target.key]);
    });
    return rows.map((row) => row.id);
  });
}

async function rowsOf(sql: Sql, server: { id: number } | null, version: string | null): Promise<StatusRow[]> {
  const rows = server ? await readStatuses(sql, server.id, version) : [];
  if (rows.length > 0) return rows;
  throw new RegistryError('NOT_FOUND', version === null ? 'Server not found' : 'Server version not found');
}

/** Those that would change; what an administrator took down is not its owner's to put back. */
function chooseRows(
  rows: StatusRow[],
  { input, version, byAdministrator }: Storing & { byAdministrator: boolean },
): StatusRow[] {
  const mine = rows.filter((row) => byAdministrator || !row.takenDown);
  if (byAdministrator && input.status !== 'active' && !(input.reason ?? input.statusMessage)?.trim()) {
    throw bad('Say the reason or a status message: the audit keeps it, and who is affected reads it.');
  }
  if (mine.length === 0) {
    throw new RegistryError('FORBIDDEN', 'The operators took it down, so only they can change its status: ask them.');
  }
  const differing = mine.filter(
    (row) =>
      row.status !== input.status ||
      row.statusMessage !== input.statusMessage ||
      (byAdministrator && row.takenDown !== (input.status === 'deleted')),
  );
  if (differing.length > 0) return differing;
  throw bad(
    version === null
      ? 'No changes to apply: all versions already have the requested status and message'
      : 'No changes to apply: status and message are already set to the provided values',
  );
}

const bad = (message: string) => new RegistryError('BAD_USER_INPUT', message);
