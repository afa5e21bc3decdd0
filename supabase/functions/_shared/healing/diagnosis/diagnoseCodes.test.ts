import assert from "node:assert/strict";
import type { Row } from "../../connect/connector.ts";
import type { DbFailure } from "../../connect/dbFailure.ts";
import { sqlStateCodes } from "../../db/sqlState.ts";
import { diagnose } from "./diagnose.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";
import { type HealingAction, policyFor } from "./policyFor.ts";
import { contextOf, failureOf, orders } from "./testing/diagnosisFixture.ts";

interface Case {
  readonly rows?: readonly Row[];
  readonly fields?: Partial<DbFailure>;
  readonly context?: Partial<DiagnosisContext>;
  readonly diagnosis: Diagnosis;
  readonly action: HealingAction;
}

const unfit = (column: string, type: string, ...refusals: string[]) =>
  [{ column, type, isInMatch: false, rows: [0], refusals }] as never;
const retry = (reason: "serialization" | "deadlock" | "lock"): Case => ({
  diagnosis: { kind: "retry", reason },
  action: "retry_transaction",
});
const lost: Case = { diagnosis: { kind: "connection_lost", isOutcomeUnknown: true }, action: "settle" };
const neverRan: Case = { diagnosis: { kind: "never_ran" }, action: "delay_and_retry" };
const capacity = (resource: "disk" | "memory" | "limit" | "time"): Case => ({
  rows: [{ code: "a" }, { code: "b" }],
  diagnosis: { kind: "capacity", resource, canSplit: true },
  action: "delay_and_retry",
});
const pooler: Case = { diagnosis: { kind: "pooler_artefact" }, action: "refresh_and_retry" };
const rights: Case = { diagnosis: { kind: "rights" }, action: "refuse" };
const unknownColumn: Case = {
  rows: [{ code: "a", colour: 1 }, { code: "b", size: 2, made_by: undefined }],
  fields: { column: "colour" },
  diagnosis: { kind: "unknown_column", columns: ["colour", "size"], otherNames: [] },
  action: "heal",
};
const elsewhere = { schema: "public", name: "order" };
const unknownTable: Case = {
  context: { table: elsewhere },
  diagnosis: { kind: "unknown_table", table: elsewhere },
  action: "heal",
};
const unknownFunction: Case = {
  rows: [{ a: 1, b: 2 }],
  context: { operation: "rpc", table: elsewhere },
  diagnosis: { kind: "unknown_function", fn: elsewhere, args: ["a", "b"] },
  action: "refresh_and_retry",
};
const unstorable: Case = {
  rows: [{ code: "a\0" }],
  diagnosis: { kind: "unstorable_text", columns: unfit("code", "text", "nul_character") },
  action: "heal",
};
const keys = [
  { constraint: "orders_pkey", columns: ["id"] },
  { constraint: "orders_code_key", columns: ["code"] },
  { constraint: "one_a_day", columns: ["day", "uid"] },
];

const cases: Readonly<Record<string, Case>> = {
  "40001": retry("serialization"),
  "40P01": retry("deadlock"),
  "55P03": retry("lock"),
  ...Object.fromEntries(sqlStateCodes.connection_lost.map((code) => [code, lost])),
  ...Object.fromEntries(sqlStateCodes.never_ran.map((code) => [code, neverRan])),
  "53100": capacity("disk"),
  "25006": capacity("disk"),
  "53200": capacity("memory"),
  "54000": capacity("limit"),
  "54001": capacity("limit"),
  "54011": capacity("limit"),
  "54023": capacity("limit"),
  MAX_PARAMETERS_EXCEEDED: capacity("limit"),
  "57014": capacity("time"),
  "26000": pooler,
  "42P05": pooler,
  "0A000": pooler,
  "42703": unknownColumn,
  PGRST204: unknownColumn,
  "42P01": unknownTable,
  PGRST205: unknownTable,
  "42883": unknownFunction,
  PGRST202: unknownFunction,
  "42704": { diagnosis: { kind: "unknown_object" }, action: "refresh_and_retry" },
  "3F000": {
    context: { table: { schema: "shop", name: "orders" } },
    diagnosis: { kind: "unknown_schema", schema: "shop" },
    action: "refresh_and_retry",
  },
  "42P10": {
    rows: [{ code: "a" }],
    context: { operation: "upsert", conflictColumns: ["short"] },
    diagnosis: { kind: "no_conflict_target", columns: ["short"], keys },
    action: "heal",
  },
  "42804": {
    rows: [{ code: "a", qty: "many" }],
    diagnosis: { kind: "type_mismatch", columns: unfit("qty", "integer", "not_a_number") },
    action: "heal",
  },
  "428C9": {
    rows: [{ id: 1, code: "a", made: "x" }],
    diagnosis: { kind: "generated_column", columns: ["made"] },
    action: "heal",
  },
  "22P02": {
    rows: [{ code: "a", qty: "1,234" }],
    diagnosis: { kind: "type_mismatch", columns: unfit("qty", "integer", "ambiguous_number") },
    action: "heal",
  },
  "22007": {
    rows: [{ code: "a", qty: "many", at: "noon-ish" }],
    diagnosis: { kind: "type_mismatch", columns: unfit("at", "timestamp with time zone", "not_a_time") },
    action: "heal",
  },
  "22008": {
    rows: [{ code: "a", day: "2026-02-30" }],
    diagnosis: { kind: "type_mismatch", columns: unfit("day", "date", "not_a_time") },
    action: "heal",
  },
  "22001": {
    rows: [{ code: "abcdef", short: "abcdef" }],
    diagnosis: { kind: "too_long", columns: unfit("short", "character varying(5)", "too_long") },
    action: "heal",
  },
  "22003": {
    rows: [{ code: "a", qty: 3_000_000_000 }],
    diagnosis: { kind: "out_of_range", columns: unfit("qty", "integer", "out_of_range") },
    action: "heal",
  },
  "22021": unstorable,
  "22P05": unstorable,
  "23502": {
    rows: [{ qty: 1 }, { code: "b", qty: null }],
    fields: { column: "code" },
    diagnosis: {
      kind: "not_null",
      columns: [
        { column: "code", rows: [0], fillsItself: false },
        { column: "qty", rows: [1], fillsItself: true },
      ],
    },
    action: "heal",
  },
  "23514": {
    rows: [{ code: "a", qty: 0 }],
    fields: { constraint: "qty_is_positive" },
    diagnosis: { kind: "check_failed", constraint: "qty_is_positive", columns: ["qty"] },
    action: "heal",
  },
  "21000": {
    rows: [{ code: "a" }, { code: "b" }, { code: "a", qty: 2 }],
    context: { operation: "upsert", conflictColumns: ["code"] },
    diagnosis: { kind: "duplicate_in_statement", columns: ["code"], groups: [[0, 2]] },
    action: "heal",
  },
  "23505": {
    fields: { constraint: "one_a_day" },
    diagnosis: { kind: "duplicate_key", constraint: "one_a_day", columns: ["day", "uid"] },
    action: "settle",
  },
  "23P01": {
    fields: { constraint: "spans_are_apart" },
    diagnosis: { kind: "exclusion_conflict", constraint: "spans_are_apart", columns: ["span"] },
    action: "settle",
  },
  "23503": {
    fields: { constraint: "customer_exists" },
    diagnosis: {
      kind: "missing_parent",
      constraint: "customer_exists",
      columns: ["customer_id"],
      parentTable: { schema: "public", name: "customers" },
    },
    action: "delay_and_retry",
  },
  ...Object.fromEntries(sqlStateCodes.rights.map((code) => [code, rights])),
  INVALID_CALL: { diagnosis: { kind: "invalid_call", code: "INVALID_CALL" }, action: "refuse" },
  "42602": { diagnosis: { kind: "invalid_call", code: "42602" }, action: "refuse" },
  PGRST999: { diagnosis: { kind: "unknown", code: "PGRST999" }, action: "refuse" },
  PGRST106: { diagnosis: { kind: "unknown", code: "PGRST106" }, action: "refuse" },
  ZZ999: { diagnosis: { kind: "unknown", code: "ZZ999" }, action: "dead_letter" },
};

for (const [code, { rows = [], fields, context, diagnosis, action }] of Object.entries(cases)) {
  Deno.test(`${code} is ${diagnosis.kind}: ${action}`, () => {
    const found = diagnose(failureOf(code, fields), contextOf(rows, { table: orders, ...context }));
    assert.deepEqual(found, diagnosis);
    assert.equal(policyFor(found).action, action);
  });
}

/** Written out, so that a code that is taken out of its class is missed here. */
const published = `40001 40P01 55P03 08000 08003 08006 08007 57P01 57P02 08001 08004 57P03 53300 ECONNREFUSED PGRST000
  PGRST001 PGRST002 PGRST003 53100 53200 54000 57014 26000 42P05 0A000 42703 42P01 42883 42704 3F000 42P10 42804 428C9
  PGRST202 PGRST204 PGRST205 22P02 22001 22003 22007 22008 22021 22P05 23502 23514 21000 23505 23P01 23503 42501 28000
  28P01 3D000`.split(/\s+/);

Deno.test("every code of the table has its row, and none of them is unknown", () => {
  const codes = [...published, ...Object.values(sqlStateCodes).flat()];
  assert.deepEqual(codes.filter((code) => !Object.hasOwn(cases, code)), []);
  assert.deepEqual(codes.filter((code) => cases[code]!.diagnosis.kind === "unknown"), []);
});

Deno.test("the class of a code that is not in the table decides where it has one", () => {
  const rate = diagnose(failureOf("HTTP_429", { kind: "capacity" }), contextOf([{ code: "a" }]));
  assert.deepEqual(rate, { kind: "capacity", resource: "rate", canSplit: false });
  const read = failureOf("HTTP_502", { kind: "connection_lost", isOutcomeUnknown: false });
  assert.equal(policyFor(diagnose(read, contextOf([]))).action, "retry_transaction");
});
