import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import node from 'eslint-plugin-n';
import type { Linter } from 'eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;

// Lowest first: a feature may import the features before it, never one after it.
const features = ['operations', 'namespaces', 'packages', 'auth', 'servers', 'publish', 'sync', 'backup'];
const floors = ['database', 'external', 'audit', 'jobs'];
const openToAll = ['errors.ts', 'config.ts', 'logger.ts', 'events.ts', 'tracing.ts', 'turns.ts'];

// Where a development package may be imported; schema-engine.ts writes migrations, and is loaded for that only. What the
// client imports is bundled into it; it finds its own package.json, not the service's.
const developers = ['test/**', 'cli/**', '*.config.ts', 'codegen.ts', 'setup.mjs', 'src/database/schema-engine*.ts'];

/** Who may not import whom, by path; `from` with `except` reads "nothing of ours but". */
const zones = [
  {
    target: ['./src/!(main).ts', `./src/!(http|${floors.join('|')})/**/*.ts`],
    from: './src/http',
    message: 'Only main.ts opens a door; nothing else knows the doors.',
  },
  {
    target: ['./src/!(schema).ts', './src/*/**/!(*.graphql).ts'],
    from: './src/**/*.graphql.ts',
    message: 'Only schema.ts gathers GraphQL files; a rule does not know them.',
  },
  {
    target: './src/*/**/!(*.graphql).ts',
    from: './src/builder.ts',
    message: 'GraphQL types belong in a *.graphql.ts file.',
  },
  {
    target: ['./src/!(db|app|context).ts', './src/!(database)/**/!(*.db).ts'],
    from: './src/db.ts',
    message: 'Only a *.db.ts file talks to Prisma; take the type from context.ts.',
  },
  {
    target: ['./src/!(db|app|context|builder).ts', './src/!(database|generated)/**/!(*.db).ts'],
    from: './src/generated',
    message: 'Only a *.db.ts file talks to Prisma.',
  },
  { target: './src/**/*.db.ts', from: './src/external', message: 'A *.db.ts file talks to PostgreSQL only.' },
  {
    target: './src/external',
    from: './src',
    except: ['./external', ...openToAll],
    message: 'external/ knows nothing of the registry.',
  },
  {
    target: './src/database',
    from: './src',
    except: ['./database', './generated', './db.ts', ...openToAll],
    message: 'A floor does not look up.',
  },
  {
    target: ['./src/audit', './src/jobs'],
    from: './src',
    except: [...floors, './generated', './db.ts', './context.ts', './app.ts', ...openToAll],
    message: 'A floor does not look up.',
  },
  {
    target: './src/{errors,config,logger,events,db,builder}.ts',
    from: './src/*/**',
    except: [join(root, 'src/{generated,database}/**')],
    message: 'This file stands below the features.',
  },
  {
    target: './src/main.ts',
    from: './src',
    except: ['./app.ts', './http', './sync', './work.ts', './workers.ts', ...openToAll],
    message: 'main.ts only puts app and doors together.',
  },
  {
    target: `./src/{${[...features, ...floors]}}/**/*.ts`,
    from: ['./src/main.ts', './src/schema.ts'],
    message: 'Features and floors know nothing of what gathers them.',
  },
  ...features.slice(0, -1).map((name, i) => ({
    target: `./src/${name}`,
    from: features.slice(i + 1).map((later) => `./src/${later}`),
    message: `A feature looks left: ${features.join(' < ')}.`,
  })),
  { target: './src', from: ['./test', './cli'], message: 'The service stands without its tests and its client.' },
  {
    target: './cli',
    from: ['./src', './test'],
    message: 'The client is a package of its own; it knows the schema only.',
  },
];

const onlyExternal = 'Only src/external/ talks to the network.';
const bans = {
  built: { regex: '^\\.{1,2}/.*\\.js$', message: 'Our files are imported under the name they have: .ts.' },
  network: { regex: '^(undici|(node:)?(https?|http2|net|tls|dns|dgram)(/.*)?)$', message: onlyExternal },
  networkButSockets: { regex: '^(undici|(node:)?(https?|http2|tls|dns|dgram)(/.*)?)$', message: onlyExternal },
  networkButServers: { regex: '^(undici|(node:)?(tls|dns|dgram)(/.*)?)$', message: onlyExternal },
  httpClients: {
    regex: '^(node:)?https?$',
    importNames: ['default', 'request', 'get', 'Agent'],
    message: onlyExternal,
  },
  processes: { regex: '^(node:)?child_process$', message: 'Only src/database/ starts processes.' },
  prisma: { regex: '^(pg|@prisma)(/.*)?$', message: 'Only a *.db.ts file talks to Prisma or SQL.' },
  environment: {
    regex: '^(node:)?process$',
    importNames: ['default', 'env'],
    message: 'Only src/config.ts reads the environment.',
  },
  making: {
    regex: '^(\\.\\./)+(app|config|context)\\.ts$',
    allowTypeImports: true,
    message: 'createApp() makes things once and hands them down; import only the type.',
  },
};

/** The packages that these files may not import; a later block replaces an earlier one. */
const ban = (files: string, ...names: (keyof typeof bans)[]): Linter.Config => ({
  files: [files],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: [bans.built, ...names.map((name) => bans[name])] },
    ],
  },
});

const focused = '/^(it|test|describe)$/';

export default defineConfig(
  globalIgnores(['**/node_modules/', 'src/generated/', 'cli/gql/', '**/dist/', 'coverage/', '.data/']),
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,js,mjs}'],
    extends: [tseslint.configs.recommended],
    plugins: { 'import-x': importX, n: node },
    settings: {
      'import-x/extensions': ['.ts', '.mjs'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: join(root, 'tsconfig.json') })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: root, zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      'import-x/extensions': ['error', 'ignorePackages'],
      'import-x/no-extraneous-dependencies': ['error', { devDependencies: developers }],
      'n/prefer-node-protocol': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      'max-lines': ['error', { max: 300 }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the defining file.' },
      ],
      curly: ['error', 'multi-line'],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['{src,cli,test}/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
    },
  },
  { files: ['{src,cli}/**/*.ts'], rules: { 'max-lines-per-function': ['error', { max: 60 }] } },
  {
    files: ['src/**/*.ts'],
    rules: {
      'n/no-process-env': 'error',
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        {
          globals: ['fetch', 'WebSocket', 'EventSource'].map((name) => ({ name, message: onlyExternal })),
          checkGlobalObject: true,
        },
      ],
    },
  },
  { files: ['src/external/**'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['src/main.ts', 'src/**/*.{cli,print}.ts'], rules: { 'no-console': 'off' } },
  { files: ['src/config.ts'], rules: { 'n/no-process-env': 'off' } },
  { files: ['*.config.ts', 'codegen.ts', 'test/*.global.ts'], rules: { 'import-x/no-default-export': 'off' } },
  ban('**/*.ts'),
  ban('src/**/*.ts', 'network', 'processes', 'prisma', 'environment'),
  ban(`src/{${features},audit,jobs}/**/*.ts`, 'network', 'processes', 'prisma', 'environment', 'making'),
  ban(`src/{${features},audit,jobs}/**/*.db.ts`, 'network', 'processes', 'environment', 'making'),
  ban('src/{db,app}.ts', 'network', 'processes', 'environment'),
  ban('src/database/**/*.ts', 'networkButSockets', 'environment'),
  ban('src/external/**/*.ts', 'processes', 'prisma', 'environment', 'making'),
  ban('src/http/**/*.ts', 'networkButServers', 'httpClients', 'processes', 'prisma', 'environment'),
  ban('src/**/*.cli.ts', 'network', 'processes', 'prisma', 'environment'),
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      'no-restricted-syntax': [
        'error',
        {
          selector: `MemberExpression[object.name=${focused}][property.name=/^(only|skip|todo)$/]`,
          message: 'Every test runs; where a thing may be absent, use skipIf and say so.',
        },
      ],
    },
  },
);
