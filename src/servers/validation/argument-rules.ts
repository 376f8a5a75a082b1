import { show } from './issues.ts';
import { member, text, type Place } from './place.ts';
import type { Report } from './rules.ts';

/** A named argument: its name is a name alone, and is not repeated in its value. */
export function checkArgument(argument: Place, report: Report): void {
  if (text(argument, 'type') !== 'named') return;
  const name = text(argument, 'name') ?? '';
  const place = member(argument, 'name');
  if (name === '') return report(place, 'named-argument-name-required', 'named argument name is required');
  if (/[<> $]/.test(name)) {
    report(place, 'invalid-named-argument-name', `invalid named argument name format: ${show(name)}`);
  }
  for (const key of ['value', 'default']) {
    const value = text(argument, key);
    if (!value?.startsWith(name)) continue;
    const message = `argument ${key} cannot start with the argument name: ${key} starts with argument name '${show(name)}': ${show(value)}`;
    report(member(argument, key), `argument-${key}-starts-with-name`, message);
  }
}
