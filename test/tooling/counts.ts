/** How many tests came out how. */
export type Counts = { passed: number; failed: number; skipped: number };

/** What is read of vitest's JSON report: each file, and in it each test. */
export type Report = { testResults: { status: string; assertionResults: { status: string }[] }[] };

/**
 * Counts the tests of a vitest run; whatever else went wrong, from a file that could not be loaded to no report at all,
 * counts as one failure, so that a run that failed never reads "0 failed".
 */
export function countTests(report: Report | undefined, exitCode: number | null): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    const statuses = file.assertionResults.map(({ status }) => status);
    for (const status of statuses) counts[status === 'passed' || status === 'failed' ? status : 'skipped']++;
    if (file.status === 'failed' && !statuses.includes('failed')) counts.failed++;
  }
  const sound = report && exitCode === 0 && counts.passed > 0;
  if (!sound && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** Adds up counts. */
export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The last line of `npm test`. */
export function countLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
