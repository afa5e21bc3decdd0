import type { Row } from "../../connect/connector.ts";
import { flattenInto } from "../shape/flattenInto.ts";
import { nestInto } from "../shape/nestInto.ts";
import type { ShapeColumn } from "../shape/shapeRow.ts";
import type { HealDraft } from "./healDraft.ts";

/** Keys without a column that become columns, or members of one, by another shape of the row. */
export interface PlannedShapes {
  readonly flattened: ReadonlySet<string>;
  readonly nested: ReadonlySet<string>;
  /** The columns that are filled by it. */
  readonly columns: ReadonlySet<string>;
  readonly heals: readonly HealDraft[];
}

/** What is looked at: rows of one key shape, by their names so far, and the names among them without a column. */
export interface ShapesQuestion {
  readonly rows: readonly Row[];
  readonly unknown: ReadonlySet<string>;
  readonly columns: readonly ShapeColumn[];
  /** Gathering keys into a column would replace what an update finds there. */
  readonly mayNest: boolean;
  readonly newId: () => string;
}

/** Finds the keys that change their shape in every one of the rows. */
export function planShapes({ rows, unknown, columns, mayNest, newId }: ShapesQuestion): PlannedShapes {
  const filled = new Set<string>();
  const heals: HealDraft[] = [];
  const draft = (from: string, to: string, strategy: string): void => {
    heals.push({ id: newId(), diagnosis: "unknown_column", from, to, strategy, evidence: {}, confidence: 1 });
  };
  const flattened = inAllRows(rows, unknown, (row) => flattenInto(row, columns).leaves.map(({ path }) => path[0]!));
  const nested = mayNest
    ? inAllRows(rows, unknown, (row) => nestInto(row, columns).nested.map(({ key }) => key))
    : new Set<string>();
  const [first = {}] = rows;
  const leaves = flattened.size === 0 ? [] : flattenInto(first, columns).leaves;
  for (const key of flattened) {
    const targets = leaves.filter(({ path }) => path[0] === key).map(({ column }) => column);
    targets.forEach((column) => filled.add(column));
    draft(key, targets.join(", "), "flattened");
  }
  for (const { key, column } of nested.size === 0 ? [] : nestInto(first, columns).nested) {
    filled.add(column);
    draft(key, column, "nested");
  }
  return { flattened, nested, columns: filled, heals };
}

function inAllRows(rows: readonly Row[], among: ReadonlySet<string>, find: (row: Row) => string[]): Set<string> {
  const found = rows.map((row) => new Set(find(row)));
  return new Set([...among].filter((key) => found.every((keys) => keys.has(key))));
}
