import { ConfigError, loadConfig } from '../config.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { migrate, readMigrationStates } from './migrate.ts';
import { MigrationError } from './migration-error.ts';
import { DatabaseStartError, errorCode } from './start-error.ts';

const USAGE = `Usage: npm run migrate                   apply the migrations that the database lacks
       npm run migrate -- status         list what is applied and what is pending; exit code 1 unless all is applied
       npm run migrate -- new <name>     write the next migration from what changed in prisma/schema.prisma`;

/** A wrong command line. */
class UsageError extends Error {}

const commands: Record<string, (url: string, name: string) => Promise<number>> = {
  apply: async (url) => {
    const applied = await migrate(url, { log: console.log });
    if (applied.length === 0) console.log('Nothing to apply: the database is up to date.');
    return 0;
  },
  status: async (url) => {
    const states = await readMigrationStates(url);
    for (const { name, state } of states) console.log(`${state.padEnd(10)}  ${name}`);
    return states.every(({ state }) => state === 'applied') ? 0 : 1;
  },
  new: async (url, name) => {
    // A development tool, which an installation for production lacks.
    const { createMigration } = await import('./schema-engine.ts').catch(missingTool);
    const directory = await createMigration(url, name);
    console.log(
      directory
        ? `Wrote ${directory}/migration.sql: read it, then npm run migrate`
        : 'Nothing to write: the migrations make what prisma/schema.prisma says.',
    );
    return 0;
  },
};

function missingTool(error: unknown): never {
  if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
  throw new MigrationError('Migrations are written with development packages, which are not installed: run npm ci.');
}

async function main(parameters: string[]): Promise<number> {
  const [command = 'apply', name = '', ...rest] = parameters;
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!run || rest.length > 0 || (command !== 'new' && name)) throw new UsageError(USAGE);
  if (command === 'new' && !/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new UsageError(
      `A migration's name is lower-case letters, digits and underscores, such as add_server_icons.\n${USAGE}`,
    );
  }
  const config = loadConfig();
  if (config.databaseUrl) return run(config.databaseUrl, name);
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir });
  try {
    return await run(embedded.url, name);
  } finally {
    await embedded.stop();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError || error instanceof ConfigError;
  const expected = usage || error instanceof MigrationError || error instanceof DatabaseStartError;
  console.error(expected ? error.message : error);
  process.exitCode = usage ? 2 : 1;
}
