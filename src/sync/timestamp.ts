const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * An RFC 3339 time as the database writes it: in UTC, to the microsecond, without trailing zeros
 * (`2025-09-09T00:16:49.16262Z`). Null for anything else, and for times that mean "none" (Go's year 1, the epoch).
 */
export function toTimestamp(value: unknown): string | null {
  const match = typeof value === 'string' ? RFC_3339.exec(value) : null;
  if (!match) return null;
  const [, date, time, fraction = '', offset = ''] = match;
  const wall = new Date(`${date}T${time}Z`);
  // Date takes the 30th of February for a day of March.
  if (Number.isNaN(wall.getTime()) || wall.toISOString().slice(0, 19) !== `${date}T${time}`) return null;
  const instant = /z/i.test(offset) ? wall : new Date(`${date}T${time}${offset}`);
  if (!(instant.getTime() > 0) || instant.getUTCFullYear() > 9999) return null;
  const micros = fraction.slice(0, 6).replace(/0+$/, '');
  return `${instant.toISOString().slice(0, 19)}${micros && `.${micros}`}Z`;
}

/** The later of two times in the form above. */
export function laterOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return sortable(a) >= sortable(b) ? a : b;
}

/** The earlier of two times in the form above. */
export function earlierOf(a: string, b: string | null): string {
  return b === null || sortable(a) <= sortable(b) ? a : b;
}

/** A time so many minutes before, in the form above. */
export function minutesBefore(time: string, minutes: number): string {
  const earlier = new Date(Date.parse(`${time.slice(0, 19)}Z`) - minutes * 60_000);
  return `${earlier.toISOString().slice(0, 19)}${time.slice(19)}`;
}

const sortable = (time: string) => time.slice(0, 19) + time.slice(20, -1).padEnd(6, '0');
