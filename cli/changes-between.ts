import { oneLine } from './clean.ts';

const MOST = 30;

/** What differs between two documents, a line for each: `version: 1.0.0 → 1.1.0`. */
export function changesBetween(before: unknown, after: unknown): string[] {
  const lines = [...differences(before, after, '')];
  return lines.length > MOST ? [...lines.slice(0, MOST), `and ${lines.length - MOST} more`] : lines;
}

function* differences(before: unknown, after: unknown, path: string): Generator<string> {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      yield* differences(
        old[key],
        now[key],
        Array.isArray(before) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`,
      );
    }
  } else if (before === undefined) yield `+ ${oneLine(path)}: ${short(after)}`;
  else if (after === undefined) yield `- ${oneLine(path)}: ${short(before)}`;
  else yield `${oneLine(path)}: ${short(before)} → ${short(after)}`;
}

const isBranch = (value: unknown) => typeof value === 'object' && value !== null;

const short = (value: unknown) => oneLine(typeof value === 'string' ? value : JSON.stringify(value), 80);
