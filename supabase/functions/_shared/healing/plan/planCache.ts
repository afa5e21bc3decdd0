import type { TableRef } from "../../connect/connector.ts";
import type { Clock } from "../../time/clock.ts";
import { tableKey } from "../../connect/tableTypes.ts";
import type { TableSnapshot } from "../../schema/snapshot.ts";
import type { HealDraft } from "./healDraft.ts";
import type { ShapePlan } from "./shapePlan.ts";
import { keyShapeOf, type WriteCall } from "./writeCall.ts";
import type { WritePlan } from "./writePlan.ts";

/** Whoever chooses a payload's keys could else fill the memory of the isolate. */
const mostShapes = 256;

/** A plan for a call, made before. */
export interface CompiledPlan {
  readonly plan: WritePlan;
  /** Do its findings stand in the ledger already? */
  readonly isRecorded: boolean;
}

interface TablePlans {
  readonly table: TableRef;
  readonly snapshot: TableSnapshot | undefined;
  readonly schemaHash: string;
  readonly shapes: ReadonlyMap<string, ShapePlan>;
  readonly otherNames: ReadonlyMap<string, string>;
  readonly heals: readonly HealDraft[];
  /** What was found for inserts of one row, by its shape: what comes most. */
  readonly found: Map<string, CompiledPlan | undefined>;
}

/** How plans that are in use are doubted now and then. */
export interface PlanCacheOptions {
  readonly clock: Clock;
  /** Told, with the time since it was last told, that plans are in use: others may have decided otherwise meanwhile. */
  readonly onUse: (sinceMs: number) => void;
  /** How often it is told at most. @default 30_000 */
  readonly everyMs?: number;
}

/** Plans that have worked, by table and key shape, for as long as the schema is the same. */
export class PlanCache {
  readonly #tables = new Map<string, TablePlans>();
  /** The ids of findings that stand in the ledger. */
  readonly #recorded = new Set<string>();
  #schemaHash: string | undefined;
  #toldAt = 0;

  constructor(readonly options?: PlanCacheOptions) {}

  /** Is there nothing to apply to any statement? What the healthy path asks. */
  get isEmpty(): boolean {
    return this.#tables.size === 0;
  }

  /** The plan for a call; undefined where nothing of it is known to need one. */
  find(call: WriteCall): CompiledPlan | undefined {
    const known = this.#tables.get(tableKey(call.table));
    if (known === undefined) return undefined;
    this.#tellOfUse();
    if (call.operation !== "insert" || call.rows.length !== 1) return this.#find(call, known);
    const shape = keyShapeOf(call.rows[0]!);
    if (known.found.has(shape)) return known.found.get(shape);
    const found = this.#find(call, known);
    if (known.found.size < mostShapes) known.found.set(shape, found);
    return found;
  }

  #tellOfUse(): void {
    if (this.options === undefined) return;
    const { clock, onUse, everyMs = 30_000 } = this.options;
    const sinceMs = clock.monotonic() - this.#toldAt;
    if (sinceMs < everyMs) return;
    this.#toldAt += sinceMs;
    onUse(sinceMs);
  }

  #find(call: WriteCall, known: TablePlans): CompiledPlan | undefined {
    const shapes = new Map<string, ShapePlan>();
    for (const row of call.rows) {
      const shape = keyShapeOf(row);
      const plan = known.shapes.get(shape);
      if (plan !== undefined) shapes.set(shape, plan);
    }
    const heals = known.heals.filter((heal) => heal.diagnosis === "unknown_table" || usesName(call, heal.from!));
    if (shapes.size === 0 && heals.length === 0) return undefined;
    const { table, snapshot, schemaHash, otherNames } = known;
    const plan = {
      table,
      snapshot,
      schemaHash,
      shapes,
      otherNames,
      heals,
      coercedMatch: new Map(),
      statements: undefined,
    };
    const all = [...heals, ...[...shapes.values()].flatMap((shape) => shape.heals)];
    return { plan, isRecorded: all.every(({ id }) => this.#recorded.has(id)) };
  }

  /** Keeps a plan for what comes next. */
  keep(call: WriteCall, plan: WritePlan, { isRecorded }: { readonly isRecorded: boolean }): void {
    if (this.#schemaHash !== undefined && plan.schemaHash !== this.#schemaHash) return; // Out of date already.
    if (this.isEmpty && this.options !== undefined) this.#toldAt = this.options.clock.monotonic();
    const key = tableKey(call.table);
    const known = this.#tables.get(key);
    const before = known?.schemaHash === plan.schemaHash ? known : undefined;
    const shapes = new Map([
      ...before?.shapes ?? [],
      ...[...plan.shapes].filter(([, shape]) => shape.heals.length > 0),
    ]);
    for (const shape of [...shapes.keys()].slice(0, Math.max(0, shapes.size - mostShapes))) shapes.delete(shape);
    const heals = new Map([...before?.heals ?? [], ...plan.heals].map((heal) => [heal.from ?? heal.id, heal]));
    const { table, snapshot, schemaHash } = plan;
    const otherNames = new Map([...before?.otherNames ?? [], ...plan.otherNames]);
    this.#tables.set(key, {
      table,
      snapshot,
      schemaHash,
      shapes,
      otherNames,
      heals: [...heals.values()],
      found: new Map(),
    });
    if (isRecorded) {
      for (const { id } of [...plan.heals, ...[...plan.shapes.values()].flatMap((s) => s.heals)]) {
        this.#recorded.add(id);
      }
    }
  }

  /** Says what the schema is by now: plans for another one are forgotten, and not kept any more. True: some were. */
  follow(schemaHash: string): boolean {
    if (schemaHash === this.#schemaHash) return false;
    const hasPlans = !this.isEmpty;
    this.#schemaHash = schemaHash;
    this.clear();
    return hasPlans;
  }

  /** Forgets everything: what is to be done about a payload has changed. */
  clear(): void {
    this.#tables.clear();
    this.#recorded.clear();
  }
}

function usesName({ match, conflictColumns, selection }: WriteCall, name: string): boolean {
  const { columns = [], match: selected = {}, order = [] } = selection ?? {};
  return Object.hasOwn(match ?? {}, name) || Object.hasOwn(selected, name) || columns.includes(name) ||
    order.some(({ column }) => column === name) || conflictColumns?.includes(name) === true;
}
