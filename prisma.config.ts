import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// These three never run the schema engine, yet the command wants a file to exist: any will do, so that nothing is downloaded.
if (['generate', 'validate', 'format'].includes(process.argv[2] ?? '')) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(import.meta.url);
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.MCP_REGISTRY_DATABASE_URL ?? '' },
});
