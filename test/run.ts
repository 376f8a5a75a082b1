// npm test [-- file…]: the checks, then the tests; the last line counts both.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { findHelm } from './helm/helm.ts';
import { missingCaches } from './http/edge.ts';
import { runChecks } from './tooling/checks.ts';
import { addCounts, countLine } from './tooling/counts.ts';
import { runVitest } from './tooling/vitest.ts';

const checks = await runChecks();
const tests = await runVitest(process.argv.slice(2));
const counts = addCounts(checks, tests);
if (!existsSync(resolve(import.meta.dirname, '../../shared'))) {
  console.log(
    '!!! LEFT OUT: ../shared is not there, so nothing ran on the real records; the tests above say what. !!!',
  );
}
if (!findHelm()) console.log('!!! LEFT OUT: helm is not there, so the chart was not tried: .ci/run installs it. !!!');
const caches = missingCaches();
if (caches.length > 0) {
  console.log(`!!! LEFT OUT: ${caches.join(', ')} are not installed, so nothing ran behind real caches. !!!`);
}
console.log(countLine(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
