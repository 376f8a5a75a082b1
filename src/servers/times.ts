/** Orders times as the database answers them (RFC 3339 in UTC) to the microsecond, which Date would cut off. */
export function compareTimes(a: string, b: string): number {
  const [left, right] = [sortable(a), sortable(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

const sortable = (time: string) => canonicalTime(time).slice(0, -1);

/** A UTC time without the zeros that a fraction of a second may end in: one text for each time. */
export function canonicalTime(time: string): string {
  return time.replace(/(\.\d*?)0+Z$/, '$1Z').replace('.Z', 'Z');
}

/** True for a time in the form that the database answers: UTC, at most six decimals. */
export function isStored(time: string): boolean {
  return /T\d\d:\d\d:[0-5]\d(\.\d{1,6})?Z$/.test(time);
}
