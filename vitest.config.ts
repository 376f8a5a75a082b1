import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Without this vite takes graphql's ESM build and Pothos its CommonJS one: "another realm".
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/database.global.ts', 'test/cli.global.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
