/** The texts in each table of a TOML file; what else is in them is passed over. */
export function readToml(source: string): Map<string, Record<string, string>> {
  const tables = new Map<string, Record<string, string>>();
  let table: Record<string, string> = {};
  tables.set('', table);
  for (const line of source.split(/\r?\n/)) {
    const [, header] = /^\s*\[([^[\]]+)\]\s*(#.*)?$/.exec(line) ?? [];
    if (header !== undefined) {
      const name = header
        .trim()
        .replaceAll(/\s*\.\s*/g, '.')
        .replaceAll('"', '');
      table = tables.get(name) ?? {};
      tables.set(name, table);
      continue;
    }
    const [, key, basic, literal] =
      /^\s*["']?([\w-]+)["']?\s*=\s*(?:("(?:[^"\\]|\\.)*")|'([^']*)')\s*(?:#.*)?$/.exec(line) ?? [];
    const value = basic === undefined ? literal : unquote(basic);
    if (key !== undefined && value !== undefined) table[key] = value;
  }
  return tables;
}

function unquote(basic: string): string | undefined {
  try {
    return JSON.parse(basic) as string;
  } catch {
    return undefined;
  }
}
