import type { Row } from "../../connect/connector.ts";
import type { TableSnapshot } from "../../schema/snapshot.ts";
import { exactJson } from "../ledger/exactJson.ts";
import { givesBack } from "../ledger/describePayload.ts";
import { isPlainNumber, mostToldColumns } from "../ledger/payloadShape.ts";
import type { NotedPart, NotedShape } from "../ledger/notedRows.ts";
import type { ShapePlan } from "../plan/shapePlan.ts";
import { keyShapeOf } from "../plan/writeCall.ts";
import type { WritePlan } from "../plan/writePlan.ts";

/** Rows of one key shape that a plan gives other names, and nothing else. */
export interface RenamedShape {
  readonly noted: NotedShape;
  readonly parts: readonly RenamedPart[];
  /** The column that is the row's key alone. */
  readonly plainKey?: Pick<RenamedPart, "column" | "label">;
}

interface RenamedPart extends NotedPart {
  /** The key as JSON text, with its colon. */
  readonly label: string;
}

const known = new WeakMap<ShapePlan, { of: WritePlan; renamed: RenamedShape | undefined }>();

/**
 * The shape under which rows like `payload` are noted, made once for a plan. Undefined where they have records of their
 * own: nothing is renamed, or all columns together are the row's key, which changes with every value that leaves it.
 */
export function renamedShapeOf(plan: WritePlan, payload: Row): RenamedShape | undefined {
  const shape = plan.shapes.get(keyShapeOf(payload));
  if (shape === undefined) return undefined;
  const made = known.get(shape);
  // The same findings may go on under the next state of the schema.
  if (made?.of.schemaHash === plan.schemaHash && made.of.snapshot === plan.snapshot) return made.renamed;
  const renamed = makeShape(plan.snapshot, plan.schemaHash, shape, Object.keys(payload));
  known.set(shape, { of: plan, renamed });
  return renamed;
}

function makeShape(
  table: TableSnapshot | undefined,
  schemaVersion: string,
  { heals, names }: ShapePlan,
  keys: readonly string[],
): RenamedShape | undefined {
  const healingId = heals[0]?.id;
  if (table === undefined || healingId === undefined) return undefined;
  const primary = table.constraints.find(({ kind }) => kind === "primary key");
  if (primary === undefined) return undefined;
  const parts = keys.map((key) => ({ key, column: names.get(key)?.column ?? key, label: labelOf(key) }));
  if (parts.every(({ key, column }) => key === column)) return undefined;
  const { oid, schema, name } = table;
  const [key, ...more] = table.columns.filter(({ attnum }) => primary.attnums.includes(attnum));
  const plainKey = key === undefined || more.length > 0 ? undefined : { column: key.name, label: labelOf(key.name) };
  return {
    noted: { healingId, table: { oid, schema, name }, parts, schemaVersion },
    parts,
    ...plainKey === undefined ? {} : { plainKey },
  };
}

const labelOf = (key: string) => `${JSON.stringify(key)}:`;

/** The payload's exact text, where the row that came back tells every value of it; else undefined. */
export function toldText({ parts }: RenamedShape, payload: Row, landed: Row): string | undefined {
  if ("toJSON" in payload) return undefined;
  const isNumberTold = parts.length <= mostToldColumns;
  let text = "";
  for (const { key, column, label } of parts) {
    const value = payload[key];
    if (value === undefined) return undefined;
    const part = exactJson(value);
    const held = Object.hasOwn(landed, column) ? landed[column] : undefined;
    // Numbers that come back as text: the fingerprint tells them from texts.
    const isSame = typeof held === "string" &&
      (held === value || (held === part && isNumberTold && isPlainNumber(part)));
    if (!isSame && !givesBack(landed, column, part)) return undefined;
    text += text === "" ? label + part : `,${label}${part}`;
  }
  return `{${text}}`;
}
