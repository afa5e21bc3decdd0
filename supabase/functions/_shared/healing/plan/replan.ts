import { groupRows } from "../../connect/rowGroups.ts";
import type { NameHistory } from "../../schema/nameHistory.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { ColumnSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import type { Diagnosis, PayloadDiagnosis } from "../diagnosis/diagnosis.ts";
import type { DiagnosisContext } from "../diagnosis/diagnosisContext.ts";
import { findTable } from "../diagnosis/findTable.ts";
import { findUnknownColumns } from "../diagnosis/findUnknownColumns.ts";
import { surveyPayload } from "../diagnosis/surveyPayload.ts";
import type { EvidenceSource } from "../evidence/evidence.ts";
import { weighEvidence } from "../evidence/weighEvidence.ts";
import { dedupeUpsert } from "../shape/dedupeUpsert.ts";
import { findTableNow } from "./findTableNow.ts";
import type { HealDraft } from "./healDraft.ts";
import { findOldForm } from "./oldForm.ts";
import { planNames } from "./planNames.ts";
import { planValues } from "./planValues.ts";
import { type PreparedWrite, prepareWrite } from "./prepareWrite.ts";
import { emptyPlan, type ShapePlan } from "./shapePlan.ts";
import { keyShapeOf, type WriteCall } from "./writeCall.ts";
import { startingPlan, type WritePlan } from "./writePlan.ts";

/** What planning draws on. */
export interface PlanningDeps {
  readonly sources: readonly EvidenceSource[];
  readonly history: NameHistory;
  readonly newId: () => string;
  readonly onError?: (error: unknown) => void;
}

/** The statement as it was sent, for a diagnosis. */
export function diagnosisContextOf(
  { call, table, rows, conflictColumns, match, selection }: PreparedWrite,
  { snapshot }: Pick<KnownSchema, "snapshot">,
): DiagnosisContext {
  const matched = match ?? selection?.match;
  const read = [...selection?.columns ?? [], ...selection?.order?.map(({ column }) => column) ?? []];
  return {
    operation: call.operation,
    table,
    rows: rows.map(({ sent }) => sent),
    ...(call.conflictColumns === undefined ? {} : { conflictColumns }),
    ...(matched === undefined ? {} : { match: matched }),
    ...(read.length === 0 ? {} : { readColumns: read }),
    snapshot,
  };
}

/**
 * The plan that follows from a failure of the one before: everything the snapshot tells to be wrong is seen to at once.
 * Undefined where there is nothing more that may be done.
 */
export async function replan(
  call: WriteCall,
  before: WritePlan,
  diagnosis: Diagnosis,
  known: KnownSchema,
  deps: PlanningDeps,
): Promise<WritePlan | undefined> {
  const schema = await withFormerLabels(known, deps.history);
  let plan: WritePlan = { ...isOutdated(before, schema) ? startingPlan(call) : before, schemaHash: schema.hash };
  if (findTable(schema.snapshot, plan.table) === undefined) {
    const found = await findTableNow(plan.table, schema, deps.history);
    if (found === undefined) return undefined;
    plan = withTable(plan, found.table, found.strategy, deps.newId);
  }
  const snapshot = findTable(schema.snapshot, plan.table)!;
  plan = { ...plan, snapshot, shapes: await planShapesOfRows(call, plan, snapshot, schema, deps) };
  const renamed = await planOtherNames(call, plan, schema, deps);
  if (renamed === undefined) return undefined;
  plan = withValues(call, renamed, diagnosis, schema, deps);
  plan = withStatements(call, plan, diagnosis);
  return signatureOf(plan) === signatureOf(before) ? undefined : plan;
}

/** Was the plan made for another state of the schema? Names that it gives may be gone by now, or be another column's. */
function isOutdated({ schemaHash }: WritePlan, schema: KnownSchema): boolean {
  return schemaHash !== "" && schemaHash !== schema.hash;
}

function withTable(plan: WritePlan, table: TableSnapshot, strategy: string, newId: () => string): WritePlan {
  const { schema, name } = table;
  const heal: HealDraft = {
    id: newId(),
    diagnosis: "unknown_table",
    from: `${plan.table.schema}.${plan.table.name}`,
    to: `${schema}.${name}`,
    strategy,
    evidence: { oid: table.oid },
    confidence: 1,
  };
  return { ...plan, table: { schema, name }, heals: [...plan.heals, heal] };
}

async function planShapesOfRows(
  call: WriteCall,
  plan: WritePlan,
  table: TableSnapshot,
  schema: KnownSchema,
  deps: PlanningDeps,
): Promise<ReadonlyMap<string, ShapePlan>> {
  const shapes = new Map(plan.shapes);
  const otherNames = otherNamesOf(call);
  for (const { rows } of groupRows(call.rows)) {
    const shape = keyShapeOf(rows[0]!);
    const known = shapes.get(shape) ?? emptyPlan;
    const mayNest = call.operation === "insert";
    const next = await planNames({ ...deps, table, schema, rows, plan: known, mayNest, otherNames });
    // Rows with the same keys in another order are one group, and each order is a shape of its own.
    for (const row of rows) shapes.set(keyShapeOf(row), next);
  }
  return shapes;
}

/** The schema with what its enums' labels were called before. */
async function withFormerLabels(schema: KnownSchema, history: NameHistory): Promise<KnownSchema> {
  const { enums } = schema.snapshot;
  if (enums.length === 0) return schema;
  const former = await history.formerLabels(schema.version);
  const told = enums.map((type) => {
    const formerLabels = former.get(type.oid);
    return formerLabels === undefined ? type : { ...type, formerLabels };
  });
  return { ...schema, snapshot: { ...schema.snapshot, enums: told } };
}

/** The names that a write uses besides those of its payload. */
function otherNamesOf({ match = {}, conflictColumns = [] }: WriteCall): string[] {
  return [...new Set([...Object.keys(match), ...conflictColumns])];
}

async function planOtherNames(
  call: WriteCall,
  plan: WritePlan,
  schema: KnownSchema,
  deps: PlanningDeps,
): Promise<WritePlan | undefined> {
  const { otherNames: unknown } = findUnknownColumns(diagnosisContextOf(prepareWrite(call, plan), schema));
  const table = plan.snapshot!;
  const keys = [...new Set(call.rows.flatMap((row) => Object.keys(row)))];
  const isOld = [...keys, ...otherNamesOf(call)].some((name) => !table.columns.some((column) => column.name === name));
  const moved = isOld
    ? await movedNames(call, plan, keys, schema, deps)
    : new Map<string, ColumnSnapshot | undefined>();
  if ([...moved.values()].includes(undefined)) return undefined; // It cannot be told which rows are meant.
  const names = unknown.filter((name) => !moved.has(name));
  if (names.length + moved.size === 0) return plan;
  const question = { table, schema, names, columns: table.columns, keys: names, rows: [] };
  const { answers } = names.length === 0
    ? { answers: [] }
    : await weighEvidence(question, deps.sources, { isCertainOnly: true });
  const found = answers.filter(({ column }) => column !== undefined);
  if (found.length < names.length) return undefined;
  for (const [name, column] of moved) {
    found.push({ name, column, strategy: "catalog_rename", evidence: { attnum: column!.attnum }, confidence: 1 });
  }
  const heals = found.map(({ name, column, strategy, evidence, confidence }): HealDraft => ({
    id: deps.newId(),
    diagnosis: "unknown_column",
    from: name,
    to: column!.name,
    strategy,
    evidence,
    confidence,
  }));
  const otherNames = new Map([...plan.otherNames, ...found.map(({ name, column }) => [name, column!.name] as const)]);
  return { ...plan, otherNames, heals: [...plan.heals, ...heals] };
}

/** Names in a match or a conflict that were another column's when the statement's former names were names. */
async function movedNames(
  call: WriteCall,
  plan: WritePlan,
  keys: readonly string[],
  schema: KnownSchema,
  { history }: PlanningDeps,
): Promise<ReadonlyMap<string, ColumnSnapshot | undefined>> {
  const { oid, columns } = plan.snapshot!;
  const others = otherNamesOf(call);
  const { moved } = findOldForm([...keys, ...others], columns, await history.columnPast(oid, schema.version));
  return new Map([...moved].filter(([name]) => others.includes(name) && !plan.otherNames.has(name)));
}

function withValues(
  call: WriteCall,
  plan: WritePlan,
  diagnosis: Diagnosis,
  schema: KnownSchema,
  { newId }: PlanningDeps,
): WritePlan {
  const prepared = prepareWrite(call, plan);
  const surveyed = surveyPayload(diagnosisContextOf(prepared, schema));
  const diagnoses = [...surveyed, ...isAboutPayload(diagnosis) ? [diagnosis] : []];
  const isInsert = call.operation === "insert" || call.operation === "upsert";
  const values = planValues({ diagnoses, table: plan.snapshot!, snapshot: schema.snapshot, isInsert, newId });
  const shapes = new Map(plan.shapes);
  prepared.rows.forEach(({ payload, mapping }) => {
    const shape = keyShapeOf(payload);
    const known = shapes.get(shape) ?? emptyPlan;
    const columns = new Set(mapping.values());
    const isNew = ({ to }: HealDraft) => columns.has(to!) && !known.coerced.has(to!) && !known.omitted.has(to!);
    const heals = values.heals.filter(isNew);
    if (heals.length === 0) return;
    const only = <Value>(among: ReadonlyMap<string, Value>) => [...among].filter(([column]) => columns.has(column));
    shapes.set(shape, {
      ...known,
      coerced: new Map([...known.coerced, ...only(values.coerced)]),
      omitted: new Map([...known.omitted, ...only(values.omitted)]),
      heals: [...known.heals, ...heals],
    });
  });
  return { ...plan, shapes, coercedMatch: new Map([...plan.coercedMatch, ...values.coercedMatch]) };
}

function isAboutPayload(diagnosis: Diagnosis): diagnosis is PayloadDiagnosis {
  return ["generated_column", "type_mismatch", "too_long", "out_of_range", "unstorable_text", "not_null"]
    .includes(diagnosis.kind);
}

function withStatements(call: WriteCall, plan: WritePlan, { kind }: Diagnosis): WritePlan {
  if (call.operation !== "upsert" || kind !== "duplicate_in_statement" && plan.statements === undefined) return plan;
  const { rows, conflictColumns } = prepareWrite(call, plan);
  const { statements } = dedupeUpsert(rows.map(({ sent }) => sent), conflictColumns);
  return { ...plan, statements };
}

/** Two plans with the same signature do the same. */
function signatureOf({ table, shapes, otherNames, coercedMatch, statements }: WritePlan): string {
  const parts = [...shapes].map(([shape, plan]) => [
    shape,
    [...plan.names].map(([key, { column }]) => [key, column]),
    [...plan.rescued],
    [...plan.flattened],
    [...plan.nested],
    [...plan.coerced],
    [...plan.omitted],
  ]);
  return JSON.stringify([table, parts, [...otherNames], [...coercedMatch], statements]);
}
