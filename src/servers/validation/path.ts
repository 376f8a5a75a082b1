/** The keys and indices that lead from the root of a document to a value. */
export type Path = readonly PropertyKey[];

const MAX_KEY = 100;

/** As the official registry writes paths, `packages[0].identifier`; a key that is no plain word stands in quotes. */
export function pathText(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : keyText(String(key), i === 0))).join('');
}

function keyText(key: string, first: boolean): string {
  if (/^[A-Za-z_$][\w$-]{0,99}$/.test(key)) return first ? key : `.${key}`;
  return `[${JSON.stringify(key.length > MAX_KEY ? `${key.slice(0, MAX_KEY)}…` : key)}]`;
}
