import type { TableRef } from "../../connect/connector.ts";
import type { TableSnapshot } from "../../schema/snapshot.ts";
import type { CoercionColumn } from "../coercion/coercion.ts";
import type { HealDraft } from "./healDraft.ts";
import type { ShapePlan } from "./shapePlan.ts";
import type { WriteCall } from "./writeCall.ts";

/** What is done to a statement before it is sent. */
export interface WritePlan {
  /** The table by its newest name. */
  readonly table: TableRef;
  /** Undefined where the snapshot does not have it. */
  readonly snapshot: TableSnapshot | undefined;
  readonly schemaHash: string;
  /** By the rows' key shapes. */
  readonly shapes: ReadonlyMap<string, ShapePlan>;
  /** Names in the match, the selection or the conflict, and the columns they mean by now. */
  readonly otherNames: ReadonlyMap<string, string>;
  readonly coercedMatch: ReadonlyMap<string, CoercionColumn>;
  /** Rows of one upsert that meet are parted over statements, by their place; undefined: one statement. */
  readonly statements: readonly (readonly number[])[] | undefined;
  /** Findings that are about the statement and not about a shape. */
  readonly heals: readonly HealDraft[];
}

/** The plan of a call that nothing is known about: it is sent as it is. */
export function startingPlan({ table }: WriteCall): WritePlan {
  return {
    table,
    snapshot: undefined,
    schemaHash: "",
    shapes: new Map(),
    otherNames: new Map(),
    coercedMatch: new Map(),
    statements: undefined,
    heals: [],
  };
}

/** Every finding of a plan. */
export function healsOf({ heals, shapes }: WritePlan): HealDraft[] {
  return [...heals, ...[...shapes.values()].flatMap((shape) => shape.heals)];
}
