/** One file that breaks one rule, and part of the sentence with which the linter must answer. */
type Breach = { file: string; code: string; says: string };

const imports = (...rows: [file: string, imported: string, says: string][]): Breach[] =>
  rows.map(([file, imported, says]) => ({ file, code: `import '${imported}';`, says }));

const writes = (...rows: [file: string, code: string, says: string][]): Breach[] =>
  rows.map(([file, code, says]) => ({ file, code, says }));

const layers = imports(
  ['src/app2.ts', './http/server.ts', 'Only main.ts opens a door'],
  ['src/servers/door.ts', '../http/server.ts', 'Only main.ts opens a door'],
  ['src/jobs/door.ts', '../http/server.ts', 'A floor does not look up'],
  ['src/servers/gathers.ts', './servers.graphql.ts', 'Only schema.ts gathers GraphQL files'],
  ['src/http/rest/gathers.ts', '../../servers/servers.graphql.ts', 'Only schema.ts gathers GraphQL files'],
  ['src/servers/gathers.db.ts', './servers.graphql.ts', 'Only schema.ts gathers GraphQL files'],
  ['src/app3.ts', './servers/servers.graphql.ts', 'Only schema.ts gathers GraphQL files'],
  ['src/namespaces/right.graphql.ts', '../servers/servers.graphql.ts', 'A feature looks left'],
  ['src/servers/types.ts', '../builder.ts', 'GraphQL types belong in a *.graphql.ts file'],
  ['src/servers/prisma.ts', '../db.ts', 'Only a *.db.ts file talks to Prisma'],
  ['src/servers/prisma.graphql.ts', '../db.ts', 'Only a *.db.ts file talks to Prisma'],
  ['src/http/rest/prisma.ts', '../../db.ts', 'Only a *.db.ts file talks to Prisma'],
  ['src/events.ts', './db.ts', 'Only a *.db.ts file talks to Prisma'],
  ['src/servers/rows.ts', '../generated/rows.ts', 'Only a *.db.ts file talks to Prisma'],
  ['src/servers/outside.db.ts', '../external/fetch.ts', 'A *.db.ts file talks to PostgreSQL only'],
  ['src/external/names.ts', '../namespaces/name.ts', 'external/ knows nothing of the registry'],
  ['src/external/builder.graphql.ts', '../builder.ts', 'external/ knows nothing of the registry'],
  ['src/database/names.ts', '../namespaces/name.ts', 'A floor does not look up'],
  ['src/audit/names.ts', '../namespaces/name.ts', 'A floor does not look up'],
  ['src/jobs/publish.ts', '../publish/publish.ts', 'A floor does not look up'],
  ['src/logger.ts', './namespaces/name.ts', 'This file stands below the features'],
  ['src/namespaces/right.ts', '../servers/list.ts', 'A feature looks left'],
  ['src/auth/right.ts', '../servers/list.ts', 'A feature looks left'],
  ['src/servers/right.ts', '../publish/publish.ts', 'A feature looks left'],
  ['src/publish/right.ts', '../sync/seed.ts', 'A feature looks left'],
  ['src/servers/schema.ts', '../schema.ts', 'nothing of what gathers them'],
  ['src/servers/tests.ts', '../../test/app.ts', 'without its tests and its client'],
  ['cli/service.ts', '../src/errors.ts', 'a package of its own'],
  ['src/servers/circle.ts', './circle-of-two.ts', 'Dependency cycle'],
  ['src/servers/circle-of-two.ts', './circle.ts', 'Dependency cycle'],
);

const outside = imports(
  ['src/servers/undici.ts', 'undici', 'Only src/external/ talks to the network'],
  ['src/servers/https.ts', 'node:https', 'Only src/external/ talks to the network'],
  ['src/servers/dns.db.ts', 'node:dns/promises', 'Only src/external/ talks to the network'],
  ['src/packages/tls.ts', 'node:tls', 'Only src/external/ talks to the network'],
  ['src/http/undici.ts', 'undici', 'Only src/external/ talks to the network'],
  ['src/database/undici.ts', 'undici', 'Only src/external/ talks to the network'],
  ['src/servers/processes.ts', 'node:child_process', 'Only src/database/ starts processes'],
  ['src/servers/pg.ts', 'pg', 'Only a *.db.ts file talks to Prisma or SQL'],
  ['src/http/client.ts', '@prisma/client', 'Only a *.db.ts file talks to Prisma or SQL'],
  ['cli/graphql.ts', 'graphql', "should be listed in the project's dependencies"],
  ['src/servers/vitest.ts', 'vitest', 'dependencies, not devDependencies'],
);

const lines = (n: number) => Array.from({ length: n }, (_, i) => `console.error(${i});`).join('\n');

const code = writes(
  ['src/servers/fetch.ts', `export const page = () => fetch('x');`, 'Only src/external/ talks to the network'],
  ['src/http/global.ts', `export const page = () => globalThis.fetch('x');`, 'Only src/external/ talks to the network'],
  ['src/http/get.ts', `import { get } from 'node:http'; export { get };`, 'Only src/external/ talks to the network'],
  ['src/servers/env.ts', `export const url = process.env.URL;`, 'process.env'],
  ['src/main2.ts', `import { env } from 'node:process'; export { env };`, 'Only src/config.ts reads the environment'],
  ['src/sync/app.ts', `import { createApp } from '../app.ts'; export { createApp };`, 'import only the type'],
  ['src/servers/list2.ts', `import { list } from './list'; export const two = list;`, 'Missing file extension'],
  ['src/servers/list3.ts', `import { list } from './list.js'; export const two = list;`, 'under the name they have'],
  ['src/servers/path.ts', `import { join } from 'path'; export const it = join;`, 'node:path'],
  ['src/http/type.ts', `import { Context } from '../context.ts'; export type It = Context;`, 'only used as types'],
  ['src/servers/default.ts', `export default 1;`, 'Prefer named exports'],
  ['src/servers/barrel.ts', `export * from './list.ts';`, 'No barrels'],
  ['src/servers/floating.ts', `const later = async () => 1; export const now = () => { later(); };`, 'must be awaited'],
  ['src/servers/any.ts', `export const loose = (x: any) => [x];`, 'Unexpected any'],
  ['src/servers/equal.ts', `export const same = (a: unknown, b: unknown) => a == b;`, `Expected '==='`],
  ['src/servers/let.ts', `let one = 1; export const two = () => one;`, 'never reassigned'],
  ['src/servers/unused.ts', `const one = 1; export const two = 2;`, 'never used'],
  ['src/servers/curly.ts', `export function f(a: unknown) { if (a)\n return 1; }`, `Expected { after 'if'`],
  ['src/servers/console.ts', lines(1), 'Unexpected console'],
  [
    'src/servers/params.ts',
    `export const f = (a: 1, b: 1, c: 1, d: 1, e: 1) => [a, b, c, d, e];`,
    'too many parameters',
  ],
  ['src/servers/function.cli.ts', `export function f() {\n${lines(59)}\n}`, 'too many lines (61)'],
  ['test/long.test.ts', lines(301), 'too many lines (301)'],
  ['test/only.test.ts', `import { it } from 'vitest'; it.only('x', () => undefined);`, 'Every test runs'],
  ['test/note.ts', `// TO${'DO'}: later\nexport const one = 1;`, 'Unexpected'],
  ['test/off.ts', `/* eslint${'-disable'} no-console */\nexport const one = 1;`, 'noInlineConfig'],
);

/** Every breach that the linter must find, each in a file of its own. */
export const breaches = [...layers, ...outside, ...code];
