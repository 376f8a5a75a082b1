/** A generator of numbers that is the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
/** What looks like an ASCII letter, becomes one in some form of Unicode, or is one to some comparison. */
export const CONFUSABLES = 'аеорсухіѕԁｏАΒΕꓮ\u212aſıİßﬁÅéñ０①Ⅰ℀．。／⁄∕․‐‑－＿ѵν';
const SEPARATORS = './/-_..--__ \t\n\0%:@\\"\'*~+';

/** Random names: some sound, some with anything of Unicode in them, and some that are nearly one of before. */
export function randomNames(count: number, seed: number): string[] {
  const below = randomNumbers(seed);
  const of = (text: string) => [...text][below([...text].length)]!;
  const anything = () => String.fromCodePoint(below(4) === 0 ? below(0x110000) : below(0x3000));
  const word = (longest: number) => Array.from({ length: 1 + below(longest) }, () => of(LETTERS)).join('');
  const dressed = (longest: number) => (below(4) === 0 ? `${word(longest)}-${word(longest)}` : word(longest));
  const sound = () => {
    const labels = Array.from({ length: 2 + below(3) }, () => dressed(below(40) === 0 ? 70 : 6));
    return `${labels.join('.')}/${dressed(8)}${below(5) === 0 ? `.${dressed(4)}` : ''}${below(5) === 0 ? '_x' : ''}`;
  };
  const spoilt = (name: string) => {
    const at = below(name.length + 1);
    const extra = [of, of, anything][below(3)]!(below(2) ? CONFUSABLES : SEPARATORS);
    return name.slice(0, at) + extra + name.slice(at + below(2));
  };
  const recased = (name: string) =>
    name.replace(/[a-z]/gi, (one) => (below(2) ? one.toUpperCase() : one.toLowerCase()));
  const names: string[] = [];
  while (names.length < count) {
    const before = names[below(names.length)];
    const way = below(10);
    if (way < 4 || !before) names.push(sound());
    else if (way < 6) names.push(recased(before));
    else if (way < 8) names.push(spoilt(before));
    else if (way < 9) names.push(spoilt(sound()));
    else names.push(Array.from({ length: below(30) }, anything).join(''));
  }
  return names;
}
