import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { createApp, type App } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { openDoors, type Doors } from '../../../src/http/server.ts';
import { captureStatements, type Sent } from './capture.ts';
import { explain, type Plan } from './explain.ts';
import { chooseSubjects, lists, otherQuestions, type Question } from './questions.ts';

/** A statement that a question sent, how it was run, and what is wrong with that. */
export interface Looked extends Plan {
  question: string;
  statement: string;
  faults: string[];
}

/** Tables below this many rows are read from end to end as quickly as by an index, and for rows that are sparse, those below that. */
const SMALL = 2_000;
const SMALL_FOR_SPARSE = 50_000;

/** The part of the largest table that a statement may read or sort for one page. */
const MOST = 0.05;
const ALWAYS_FINE = 5_000;

/** Half of the time after which a statement is ended (src/db.ts). */
const MAX_MS = 2_500;

/** Asks everything that readers can ask of the registry in a database, and looks at how each statement was run. */
export async function lookAtPlans(databaseUrl: string, only = ''): Promise<Looked[]> {
  const app = await createApp(configOf(databaseUrl), { log: pino({ level: 'silent' }) });
  const doors = await openDoors(app);
  const capture = captureStatements();
  const client = new pg.Client({
    connectionString: databaseUrl,
    options: '-c TimeZone=UTC -c statement_timeout=20000',
  });
  await client.connect();
  try {
    const sizes = await sizesOf(app);
    const looked: Looked[] = [];
    for (const question of await questionsOf(app, doors)) {
      if (!question.name.includes(only)) continue;
      capture.take();
      const { faults } = await ask(doors, question);
      const sent = capture.take().filter(({ text }) => /^\s*(SELECT|WITH)/i.test(text));
      for (const one of distinct(sent)) {
        const found = judge(question, one, await explain(client, one), sizes);
        looked.push({ ...found, faults: [...faults, ...found.faults] });
      }
      capture.take();
    }
    return looked;
  } finally {
    capture.end();
    await client.end();
    await doors.close(1_000);
    await app.close();
  }
}

function configOf(databaseUrl: string) {
  return loadConfig({
    MCP_REGISTRY_DATABASE_URL: databaseUrl,
    MCP_REGISTRY_PORT: '0',
    MCP_REGISTRY_INTERNAL_PORT: '0',
    MCP_REGISTRY_SEED_FROM: 'none',
    MCP_REGISTRY_PAGE_CACHE_MB: '0',
    MCP_REGISTRY_JWT_PRIVATE_KEY: randomBytes(32).toString('hex'),
  });
}

/** Rows of each table, as the planner knows them. */
async function sizesOf({ db }: App): Promise<Map<string, number>> {
  const rows = await db.sql<{ name: string; rows: number }>(
    `SELECT relname AS name, reltuples AS rows FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  return new Map(rows.map((row) => [row.name, row.rows]));
}

interface Listed {
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

/** Each list at its beginning, after a page, before that page again, and at its end; then all the rest. */
async function questionsOf(app: App, doors: Doors): Promise<Question[]> {
  const subjects = await chooseSubjects(app.db.sql);
  const questions: Question[] = [];
  for (const { name, ask: query, variables } of lists(subjects)) {
    const question = (more: string, args: object): Question => ({
      ...{ name: `${name}${more}`, door: 'graphql', ask: query, variables: { ...variables, ...args } },
      sparse: Object.keys(variables.filter ?? {}).length > 0,
    });
    const first = question('', { first: 30 });
    questions.push(first, question(', from the end', { last: 30 }));
    const { data } = JSON.parse((await ask(doors, first)).text) as { data: Record<string, Listed> | null };
    const [{ pageInfo }] = data
      ? (Object.values(data) as [Listed])
      : [{ pageInfo: { hasNextPage: false, endCursor: '' } }];
    if (!pageInfo.hasNextPage) continue;
    questions.push(question(', second page', { first: 30, after: pageInfo.endCursor }));
    questions.push(question(', back', { last: 10, before: pageInfo.endCursor }));
  }
  return [...questions, ...otherQuestions(subjects)];
}

/** Asks, and gives what was answered. */
async function ask({ publicUrl, internalUrl }: Doors, { door, ask: query, variables }: Question) {
  const response =
    door === 'rest'
      ? await fetch(`${publicUrl}${query}`)
      : await fetch(`${door === 'graphql' ? publicUrl : internalUrl}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables }),
        });
  const text = await response.text();
  const refused = !response.ok || text.startsWith('{"errors"');
  return { text, faults: refused ? [`is answered with ${response.status}: ${text.slice(0, 120)}`] : [] };
}

const distinct = (sent: Sent[]) => [...new Map(sent.map((one) => [one.text, one])).values()];

function judge(question: Question, sent: Sent, plan: Plan, sizes: Map<string, number>): Looked {
  const small = question.sparse ? SMALL_FOR_SPARSE : SMALL;
  const largest = sizes.get('versions') ?? 0;
  const most = question.sparse && largest < small ? Infinity : Math.max(ALWAYS_FINE, MOST * largest);
  const faults = [...(plan.ms > MAX_MS ? [`took ${Math.round(plan.ms)} ms`] : [])];
  if (!question.readsAll) {
    const scanned = plan.scanned.filter((table) => (sizes.get(table) ?? 0) > small);
    faults.push(...scanned.map((table) => `reads ${table} from end to end`));
    if (plan.read > most) faults.push(`reads ${plan.read} rows`);
    if (plan.sorted > most) faults.push(`sorts ${plan.sorted} rows`);
  }
  return { ...plan, question: question.name, statement: sent.text.replace(/\s+/g, ' '), faults };
}
