import type { CheckFinding } from "./healthReport.ts";

/** How many versions a finding names. */
const named = 20;

/**
 * Are the migrations in step? One that is missing fails: the code relies on it. One that this code does not know warns:
 * the database is ahead, as it is for a moment in every deployment, and migrations are made to be compatible with that.
 */
export function migrationsFinding(expected: readonly string[], applied: readonly string[]): CheckFinding {
  const [known, present] = [new Set(expected), new Set(applied)];
  const missing = expected.filter((version) => !present.has(version));
  const unknown = applied.filter((version) => !known.has(version));
  const details = { missing: missing.slice(0, named), unknown: unknown.slice(0, named) };
  if (missing.length > 0) {
    return {
      status: "fail",
      observedValue: missing.length,
      observedUnit: "missing",
      output: "Migrations are missing",
      details,
    };
  }
  if (unknown.length > 0) {
    return {
      status: "warn",
      observedValue: unknown.length,
      observedUnit: "unknown",
      output: "The database is ahead of this code",
      details,
    };
  }
  return { status: "pass", observedValue: expected.length, observedUnit: "applied" };
}
