import type { Row } from "../../connect/connector.ts";
import type { NameHistory } from "../../schema/nameHistory.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { ColumnSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import { coercionColumnOf } from "../diagnosis/coercionColumnOf.ts";
import type { EvidenceSource } from "../evidence/evidence.ts";
import { type WeighedAnswer, type WeighedEvidence, weighEvidence } from "../evidence/weighEvidence.ts";
import { replaceKeys } from "../shape/shapeRow.ts";
import type { HealDraft } from "./healDraft.ts";
import { findOldForm } from "./oldForm.ts";
import { planShapes } from "./planShapes.ts";
import type { PlannedName, ShapePlan } from "./shapePlan.ts";

const nothingSaid: WeighedEvidence = { answers: [], undecided: [], considered: [] };

/** Evidence that the key is a name of the very column. */
const isOwnName: ReadonlySet<string> = new Set(["catalog_rename", "operator"]);

/** Rows of one key shape that have names without a column. */
export interface NamesQuestion {
  readonly table: TableSnapshot;
  readonly schema: KnownSchema;
  readonly rows: readonly Row[];
  /** What was planned for them before. */
  readonly plan: ShapePlan;
  readonly mayNest: boolean;
  /** Names in the statement's match or conflict, which tell its age as well. @default none */
  readonly otherNames?: readonly string[];
  readonly history: NameHistory;
  readonly sources: readonly EvidenceSource[];
  readonly newId: () => string;
  readonly onError?: (error: unknown) => void;
}

/**
 * Plans where names without a column go: to the columns that the evidence gives them, or aside; and where a former name
 * tells the payload's age, the names that have changed hands since. The same plan where every name has its column.
 */
export async function planNames(question: NamesQuestion): Promise<ShapePlan> {
  const { table, schema, rows, plan, mayNest, otherNames = [], history, sources, newId, onError } = question;
  const columnNames = new Set(table.columns.map(({ name }) => name));
  const keys = Object.keys(rows[0] ?? {}).filter((key) => rows[0]![key] !== undefined);
  const isPlaced = (key: string) =>
    plan.rescued.has(key) || plan.flattened.has(key) || plan.nested.has(key) ||
    columnNames.has(plan.names.get(key)?.column ?? key);
  const unknown = keys.filter((key) => !isPlaced(key));
  if (unknown.length === 0 && otherNames.every((name) => columnNames.has(name))) return plan;
  const past = await history.columnPast(table.oid, schema.version);
  const { toldBy, moved: allMoved } = findOldForm([...keys, ...otherNames], table.columns, past);
  const moved = new Map(
    [...allMoved].filter(([key]) => keys.includes(key) && !plan.names.has(key) && !plan.rescued.has(key)),
  );
  if (unknown.length === 0 && moved.size === 0) return plan;

  const ask = async (names: readonly string[], columns: readonly ColumnSnapshot[], isCertainOnly = false) =>
    names.length === 0 ? nothingSaid : await weighEvidence({ table, schema, names, columns, keys, rows }, sources, {
      isCertainOnly,
      ...onError ? { onError } : {},
    });
  const names = new Map<string, PlannedName>([...plan.names].filter(([, { column }]) => columnNames.has(column)));
  const claimed = new Set([
    ...keys.filter((key) => !moved.has(key)).map((key) => names.get(key)?.column ?? key)
      .filter((column) => columnNames.has(column)),
    ...[...moved.values()].flatMap((column) => column?.name ?? []),
  ]);
  const freeColumns = () => table.columns.filter(({ name, isGenerated }) => !isGenerated && !claimed.has(name));
  const shaping = { rows, unknown: new Set(unknown), columns: table.columns, mayNest, newId };
  let shapes = planShapes(shaping);
  // Whatever a key's name begins with: what is known to be a column's own name is not laid out or gathered.
  const { answers: own } = await ask([...shapes.flattened, ...shapes.nested], freeColumns(), true);
  const named = new Set(own.flatMap(({ name, column }) => column === undefined ? [] : [name]));
  if (named.size > 0) {
    const others = rows.map((row) => replaceKeys(row, named, []));
    shapes = planShapes({ ...shaping, rows: others, unknown: new Set(unknown.filter((key) => !named.has(key))) });
  }
  for (const column of shapes.columns) claimed.add(column);
  const open = unknown.filter((key) => !shapes.flattened.has(key) && !shapes.nested.has(key));
  const weighed = await ask(open, freeColumns());
  const heals: HealDraft[] = [...plan.heals.filter(({ from }) => from === undefined || !unknown.includes(from))];
  heals.push(...shapes.heals);
  const rescued = new Set(plan.rescued);
  const oldForm = [...moved].map(([name, column]): WeighedAnswer => ({
    name,
    column,
    strategy: "catalog_rename",
    evidence: { ...column === undefined ? {} : { attnum: column.attnum }, toldBy },
    confidence: 1,
  }));
  for (
    const { name, column, strategy, evidence, confidence, alternatives, patternId } of [...oldForm, ...weighed.answers]
  ) {
    if (column === undefined) rescued.add(name);
    else {
      const target = coercionColumnOf(column, schema.snapshot);
      names.set(name, { column: column.name, target, isCertain: isOwnName.has(strategy) });
    }
    heals.push({
      id: newId(),
      diagnosis: "unknown_column",
      from: name,
      ...(column === undefined ? {} : { to: column.name }),
      strategy: column === undefined ? "rescue" : strategy,
      evidence,
      confidence,
      ...(alternatives === undefined ? {} : { alternatives }),
      ...(patternId === undefined ? {} : { patternId }),
    });
  }
  for (const name of weighed.undecided) {
    rescued.add(name);
    heals.push({
      id: newId(),
      diagnosis: "unknown_column",
      from: name,
      strategy: "rescue",
      evidence: {},
      confidence: 1,
      alternatives: weighed.considered.filter((opinion) => opinion.name === name),
    });
  }
  return {
    ...plan,
    names,
    rescued,
    flattened: new Set([...plan.flattened, ...shapes.flattened]),
    nested: new Set([...plan.nested, ...shapes.nested]),
    heals,
  };
}
