/** The name that was probably meant: the one that has most pairs of letters in common, if that is more than half. */
export function nearestName(unknown: string, names: string[]): string | null {
  const pairs = (name: string) => new Set(Array.from(name.slice(1), (letter, i) => name[i]! + letter));
  const wanted = pairs(unknown);
  const alike = (name: string) => (2 * wanted.intersection(pairs(name)).size) / (wanted.size + pairs(name).size);
  const [best] = names.toSorted((a, b) => alike(b) - alike(a));
  return best !== undefined && alike(best) > 0.5 ? best : null;
}
