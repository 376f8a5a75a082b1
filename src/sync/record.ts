import type { VersionInput } from '../publish/prepared.ts';
import type { ServerStatus } from '../servers/rows.ts';
import { depthOf, memberText } from './json-text.ts';
import { toTimestamp } from './timestamp.ts';

/** A version as another registry has it; what it does not say of times is null. */
export type ImportRecord = Omit<VersionInput, 'source'>;

type Json = Record<string, unknown>;

const OFFICIAL = 'io.modelcontextprotocol.registry/official';
/** Where the official registry kept it in August 2025. */
const OFFICIAL_BEFORE = 'x-io.modelcontextprotocol.registry';
const MAX_LENGTH = 255;
/** Deeper than any honest document, and shallow enough for recursive readers. */
const MAX_DEPTH = 100;
const CONTROL = /\p{Cc}/u;
const NOT_JSON = 'The record is not valid JSON.';
const NAME = /^[^/]+\/[^/]+$/;

/**
 * Reads one record: `{server, _meta}`, a bare server.json, or what registries answered in 2025. Anything with a usable
 * name and version is taken, whatever else the document holds; otherwise a sentence says why not.
 */
export function parseRecord(text: string): ImportRecord | { reason: string } {
  const record = parseObject(text);
  if (typeof record === 'string') return { reason: record };
  const wrapped = asObject(record.server);
  const document = wrapped ? memberText(text, 'server') : text.trim();
  const server = wrapped ?? record;
  const old = asObject(server.version_detail);
  const name = server.name;
  const version = server.version ?? old?.version;
  const reason = nameProblem(name) ?? versionProblem(version);
  if (reason !== null || document === null) return { reason: reason ?? NOT_JSON };
  const meta = officialMeta(record, server);
  return {
    name: name as string,
    version: version as string,
    document,
    status: statusOf(meta.status ?? server.status),
    statusMessage: messageOf(meta.statusMessage ?? meta.status_message),
    publishedAt: toTimestamp(meta.publishedAt ?? meta.published_at ?? meta.release_date ?? old?.release_date),
    updatedAt: toTimestamp(meta.updatedAt ?? meta.updated_at),
    statusChangedAt: toTimestamp(meta.statusChangedAt ?? meta.status_changed_at),
  };
}

/** When a parsed record last changed, as its registry says; null where it does not. */
export function changedAt(record: unknown): string | null {
  const object = asObject(record) ?? {};
  const meta = officialMeta(object, asObject(object.server) ?? object);
  return toTimestamp(meta.updatedAt ?? meta.updated_at);
}

function parseObject(text: string): Json | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
  const object = asObject(value);
  if (!object) return 'The record is not a JSON object.';
  return depthOf(text) > MAX_DEPTH ? `The record nests deeper than ${MAX_DEPTH} levels.` : object;
}

/** What the registry itself said of the version, in whichever of the places it has had for that. */
function officialMeta(record: Json, server: Json): Json {
  const places = [asObject(record._meta)?.[OFFICIAL], record[OFFICIAL_BEFORE], asObject(server._meta)?.[OFFICIAL]];
  return places.map(asObject).find((one) => one !== null) ?? {};
}

function nameProblem(name: unknown): string | null {
  if (name === undefined || name === null) return 'The record has no name.';
  if (typeof name !== 'string') return 'The name is not a string.';
  return textProblem('name', name) ?? (NAME.test(name) ? null : 'The name is not of the form namespace/name.');
}

function versionProblem(version: unknown): string | null {
  if (version === undefined || version === null) return 'The record has no version.';
  return typeof version === 'string' ? textProblem('version', version) : 'The version is not a string.';
}

function textProblem(what: string, text: string): string | null {
  if (text.trim() === '') return `The ${what} is empty.`;
  if (text.length > MAX_LENGTH) return `The ${what} is longer than ${MAX_LENGTH} characters.`;
  if (CONTROL.test(text)) return `The ${what} holds a control character.`;
  return text.isWellFormed() ? null : `The ${what} is not valid Unicode.`;
}

function statusOf(status: unknown): ServerStatus {
  return status === 'deprecated' || status === 'deleted' ? status : 'active';
}

function messageOf(message: unknown): string | null {
  if (typeof message !== 'string' || message === '') return null;
  // PostgreSQL's text holds no NUL and no half of a character.
  return message.replaceAll('\0', '').toWellFormed();
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}
