import type { KernelHub } from "../telemetry/kernelHub.ts";
import type { SchemaChange, Severity } from "./schemaChange.ts";

/** A version of the schema that this isolate did not know. */
export interface FoundVersion {
  readonly schemas: readonly string[];
  readonly changes: readonly SchemaChange[];
  readonly version: number;
}

const severities: readonly Severity[] = ["low", "medium", "high", "critical"];

/** Tells that this isolate has found the schema to be another one. */
export function tellSchemaChange(hub: KernelHub, { schemas, changes, version }: FoundVersion): void {
  if (!hub.isWatched) return;
  const worst = Math.max(0, ...changes.map(({ severity }) => severities.indexOf(severity)));
  hub.counted("schema.changed");
  hub.happened({
    kind: "schema_change",
    subject: schemas.join(",").slice(0, 200),
    ref: `schema:${version}`,
    detail: { changes: changes.length, severity: severities[worst] ?? "low" },
  });
}
