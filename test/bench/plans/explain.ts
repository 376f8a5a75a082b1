import pg from 'pg';
import type { Sent } from './capture.ts';

/** What PostgreSQL says of one step of a plan; times and counts are of each loop. */
interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Rows Removed by Join Filter'?: number;
  Plans?: Node[];
}

/** How a statement was run. */
export interface Plan {
  /** Its steps in a line, from the outside: `Limit > Index Scan versions_name_key_version_key`. */
  steps: string;
  /** The most rows that one step met, and the most that were sorted. */
  read: number;
  sorted: number;
  /** Tables that were read from end to end. */
  scanned: string[];
  ms: number;
}

/** Rows of a table that may be read in any order: a list tells by them whether there is more of it. */
const FEW = 5_500;

/** PostgreSQL plans a prepared statement for its values five times and may then keep one plan for all values. */
const TIMES = 6;

/** Runs a statement as a connection that has sent it before does, and gives the slower of its first and its last plan. */
export async function explain(client: pg.Client, { text, values }: Sent): Promise<Plan> {
  const call = values.length > 0 ? `EXECUTE looked_at(${values.map(literal).join(', ')})` : 'EXECUTE looked_at';
  await client.query(`PREPARE looked_at AS ${text}`);
  try {
    const first = await explained(client, call);
    for (let i = 0; i < TIMES - 2; i++) await client.query(call);
    const last = await explained(client, call);
    return [first, last].reduce((slower, one) => (one.ms > 2 * slower.ms ? one : slower));
  } finally {
    await client.query('DEALLOCATE looked_at');
  }
}

async function explained(client: pg.Client, call: string): Promise<Plan> {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Node; 'Execution Time': number }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${call}`,
  );
  const [{ Plan: root, 'Execution Time': ms }] = rows[0]!['QUERY PLAN'];
  const nodes = allOf(root);
  const sorts = nodes.filter((node) => node['Node Type'] === 'Sort');
  return {
    steps: nodes.map(nameOf).join(' > '),
    read: Math.max(...nodes.filter((node) => !node['Node Type'].startsWith('Bitmap Index')).map(met)),
    sorted: Math.max(0, ...sorts.map((sort) => Math.max(0, ...(sort.Plans ?? []).map(met)))),
    scanned: nodes
      .filter((node) => node['Node Type'] === 'Seq Scan' && met(node) > FEW)
      .map((node) => node['Relation Name'] ?? ''),
    ms,
  };
}

const allOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(allOf)];

/** Rows, not entries of an index, that a step met: those that it gave, and those that it threw away. */
function met(node: Node): number {
  const away = ['Rows Removed by Filter', 'Rows Removed by Index Recheck', 'Rows Removed by Join Filter'] as const;
  return away.reduce((sum, key) => sum + (node[key] ?? 0), node['Actual Rows']) * node['Actual Loops'];
}

function nameOf(node: Node): string {
  const on = node['Index Name'] ?? node['Relation Name'];
  return on ? `${node['Node Type']} ${on}` : node['Node Type'];
}

/** A value as SQL text, in the form in which the driver sends it. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return pg.escapeLiteral(arrayText(value));
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString());
  return pg.escapeLiteral(typeof value === 'object' ? JSON.stringify(value) : String(value as string | number));
}

function arrayText(values: unknown[]): string {
  const items = values.map((one) => (one === null ? 'NULL' : `"${String(one).replace(/[\\"]/g, '\\$&')}"`));
  return `{${items.join(',')}}`;
}
