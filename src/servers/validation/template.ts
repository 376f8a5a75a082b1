const variable = /\{([^{}]+)\}/g;

const samples = new Map([
  ['host', 'example.com'],
  ['port', '8080'],
  ['protocol', 'http'],
  ['scheme', 'http'],
]);

/** An address with something sound in place of each `{variable}`: a number where a port stands. */
export function fill(url: string): string {
  return url
    .replace(/:\{[^{}]+\}(?=[/?#]|$)/g, ':8080')
    .replace(variable, (_, name: string) => samples.get(name) ?? 'placeholder');
}

/** The variables of an address that are not among those at hand. */
export function undefinedVariables(url: string, available: string[]): string[] {
  const known = new Set(available);
  return [...url.matchAll(variable)].map(([, name = '']) => name).filter((name) => !known.has(name));
}
