/** How many tests passed, failed and were skipped. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const summaryLine = /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))?(?: \| (\d+) failed)?(.*)$/;

/**
 * Reads the totals of `deno test` from its summary line. The JUnit report would not do: a test file that throws while
 * loading is missing from it, while the summary counts it as a failure. A non-zero exit is never a success.
 */
export function readTestSummary(output: string, exitCode: number): Tally {
  const match = output.split("\n").map((line) => summaryLine.exec(line.trim())).findLast((found) => found !== null);
  const passed = Number(match?.[1] ?? 0);
  const failed = Number(match?.[2] ?? 0);
  const skipped = Number(/(\d+) ignored/.exec(match?.[3] ?? "")?.[1] ?? 0);
  const isBroken = match === undefined || exitCode !== 0;
  return { passed, failed: isBroken ? Math.max(failed, 1) : failed, skipped };
}

/** The sum of many tallies. */
export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce<Tally>((sum, one) => ({
    passed: sum.passed + one.passed,
    failed: sum.failed + one.failed,
    skipped: sum.skipped + one.skipped,
  }), { passed: 0, failed: 0, skipped: 0 });
}

/** The closing line of a run: what continuous integration reads. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
