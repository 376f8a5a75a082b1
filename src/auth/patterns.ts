/** Whether a name, or a namespace written `<namespace>/*`, lies under one of the patterns: `*`, `com.example/*`, `com.example.*`, a whole name. */
export function matchesAny(patterns: string[], key: string): boolean {
  return patterns.some((pattern) => matches(pattern.toLowerCase(), key.toLowerCase()));
}

function matches(pattern: string, key: string): boolean {
  if (pattern === '*' || pattern === key) return true;
  // The stop before the star is part of it: `io.github.alice/*` is not `io.github.alice2/…`.
  return /[./]\*$/.test(pattern) && key.startsWith(pattern.slice(0, -1));
}
