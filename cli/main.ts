#!/usr/bin/env node
import { run } from './run.ts';

// Who reads us may have enough: `mcp search weather | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await run(process.argv.slice(2), process.env);
