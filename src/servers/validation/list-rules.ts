import { documentLimits } from './limits.ts';
import { items, keys, member, type Place } from './place.ts';
import type { Report } from './rules.ts';

/** Lists are bounded: our own limits, which no real document comes near to. */
export function checkLists(root: Place, report: Report): void {
  for (const key of ['packages', 'remotes', 'icons'] as const) checkLength(root, key, documentLimits[key], report);
  for (const icon of items(root, 'icons')) checkLength(icon, 'sizes', documentLimits.listEntries, report);
  for (const remote of items(root, 'remotes')) checkTransport(remote, report);
  for (const one of items(root, 'packages')) {
    for (const key of ['runtimeArguments', 'packageArguments', 'environmentVariables']) checkInputs(one, key, report);
    checkTransport(member(one, 'transport'), report);
  }
}

function checkTransport(transport: Place, report: Report): void {
  checkInputs(transport, 'headers', report);
  checkVariables(transport, report);
}

function checkInputs(place: Place, key: string, report: Report): void {
  checkLength(place, key, documentLimits.listEntries, report);
  for (const input of items(place, key)) {
    checkLength(input, 'choices', documentLimits.listEntries, report);
    checkVariables(input, report);
  }
}

function checkVariables(place: Place, report: Report): void {
  const variables = member(place, 'variables');
  checkMost(variables, keys(place, 'variables').length, documentLimits.listEntries, report);
  for (const key of keys(place, 'variables')) {
    checkLength(member(variables, key), 'choices', documentLimits.listEntries, report);
  }
}

const checkLength = (place: Place, key: string, most: number, report: Report) =>
  checkMost(member(place, key), items(place, key).length, most, report);

function checkMost(list: Place, length: number, most: number, report: Report): void {
  if (length > most) report(list, 'list-too-long', `at most ${most} entries may stand here, not ${length}`);
}
