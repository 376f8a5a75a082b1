import { readFileSync } from 'node:fs';
import { format } from 'prettier';
import { parse } from 'yaml';
import { chartFile } from './kubernetes.ts';

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
}

/** helm/values.md: every value with its default and what the schema says of it. */
export async function valuesTable(): Promise<string> {
  const schema = JSON.parse(readFileSync(chartFile('values.schema.json'), 'utf8')) as Schema;
  const values: unknown = parse(readFileSync(chartFile('values.yaml'), 'utf8'));
  const lines = rows(schema, values).map(([name, value, says]) => `| \`${name}\` | ${value} | ${says} |`);
  const head = '# Values\n\nMade from `values.yaml` and its schema by `npm test -- test/helm -u`.\n\n';
  return format(`${head}| Value | Default | Meaning |\n| --- | --- | --- |\n${lines.join('\n')}\n`, {
    parser: 'markdown',
    printWidth: 120,
  });
}

function rows(schema: Schema, values: unknown, path = ''): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, below]) => {
    const name = path ? `${path}.${key}` : key;
    const value = (values as Record<string, unknown>)[key];
    if (value === undefined) return [];
    if (below.properties) return [[name, '', below.description!], ...rows(below, value, name)];
    return [[name, value === '' ? '' : `\`${JSON.stringify(value)}\``, below.description!]];
  });
}
