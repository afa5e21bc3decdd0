import assert from "node:assert/strict";
import { RecordingObserver } from "../../../../tests/harness/recordingObserver.ts";
import { hubOf } from "../telemetry/kernelHub.ts";
import type { SchemaChange } from "./schemaChange.ts";
import { tellSchemaChange } from "./tellSchemaChange.ts";

Deno.test("a change of the schema is told by its worst part", () => {
  const observer = new RecordingObserver();
  const changes = ["low", "critical", "medium"].map((severity) => ({ severity }) as SchemaChange);
  tellSchemaChange(hubOf(observer), { schemas: ["public", "shop"], changes, version: 7 });
  tellSchemaChange(hubOf(observer), { schemas: ["public"], changes: [], version: 8 });
  assert.deepEqual(observer.events, [
    { kind: "schema_change", subject: "public,shop", ref: "schema:7", detail: { changes: 3, severity: "critical" } },
    { kind: "schema_change", subject: "public", ref: "schema:8", detail: { changes: 0, severity: "low" } },
  ]);
  assert.equal(observer.counts.get("schema.changed"), 2);
});
