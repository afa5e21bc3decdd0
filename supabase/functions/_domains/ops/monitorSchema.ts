import type { JobContext } from "../../_shared/jobs/jobFactory.ts";
import type { ChunkResult, JobChunk } from "../../_shared/jobs/runLeasedJob.ts";
import type { SchemaChange } from "../../_shared/schema/schemaChange.ts";
import { checkSchema, rehearseCheck } from "./schema/checkSchema.ts";

/** What a look came to: the newest changes of each severity by their number, and the worst in words. */
export interface SchemaOutcome {
  readonly version?: number;
  readonly isNew: boolean;
  readonly changes: number;
  /** Changes that break writes made for the schema before, at most ten. */
  readonly critical: readonly string[];
  readonly rescopedPatterns?: number;
  readonly expiredPatterns?: number;
}

const mostCritical = 10;

/** Looks at the schema, so that its history is whole though no isolate writes; where `isDryRun` is set it records nothing. */
export async function monitorSchema(
  { isDryRun }: Pick<JobChunk<never>, "isDryRun">,
  { admin, clock, log }: JobContext,
): Promise<ChunkResult<never, SchemaOutcome>> {
  if (isDryRun) {
    const { isNew, changes } = await rehearseCheck(admin);
    return { isDone: true, outcome: { isNew, changes: changes.length, critical: criticalOf(changes) } };
  }
  const onError = (error: unknown) => log.warn("A listener of the schema failed", { error: String(error) });
  const { version, isNew, changes, rescopedPatterns, expiredPatterns } = await checkSchema(admin, { clock, onError });
  const critical = criticalOf(changes);
  if (critical.length > 0) log.warn("The schema has changed in a way that breaks writes", { version, critical });
  return {
    isDone: true,
    outcome: { version, isNew, changes: changes.length, critical, rescopedPatterns, expiredPatterns },
  };
}

function criticalOf(changes: readonly SchemaChange[]): string[] {
  return changes.filter(({ severity }) => severity === "critical").slice(0, mostCritical)
    .map(({ kind, subject, part }) => `${kind} ${subject}${part === undefined ? "" : `.${part}`}`);
}
