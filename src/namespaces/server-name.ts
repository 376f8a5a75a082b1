/** The key that names are compared by: ASCII letters in lower case, all else as it stands. */
export function nameKey(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The part of a server's name before its slash. */
export function namespaceOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}
