import type { Colors } from './output.ts';

/** A record as DNS panels ask for it, one field a line. */
export function recordLines(
  { type, name, value }: { type: string; name: string; value: string },
  { bold, dim }: Colors,
): string[] {
  const [first] = name.split('.');
  const isUnderscored = first?.startsWith('_');
  const host = isUnderscored ? first : '@';
  return [
    `${dim('Type   ')} ${bold(type)}`,
    `${dim('Name   ')} ${bold(name)} ${dim(`(many panels want ${host} for it, or what stands before the domain that you bought)`)}`,
    `${dim('Value  ')} ${bold(value)}`,
    `${dim('TTL    ')} ${bold('300')} ${dim('(or the least that is offered)')}`,
  ];
}
