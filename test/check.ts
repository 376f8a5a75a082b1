// npm run check
import { runChecks } from './tooling/checks.ts';

const { failed } = await runChecks();
process.exitCode = failed > 0 ? 1 : 0;
