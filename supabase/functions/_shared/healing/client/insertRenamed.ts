import type { Row } from "../../connect/connector.ts";
import { coerceLosslessly } from "../coercion/coerceLosslessly.ts";
import type { CoercionColumn } from "../coercion/coercion.ts";
import { noteRows, noteTold } from "../landing/noteRows.ts";
import { type RenamedShape, renamedShapeOf } from "../landing/renamedShape.ts";
import { rememberHealedRows } from "../operator/healedRows.ts";
import type { CompiledPlan } from "../plan/planCache.ts";
import { prepareWrite } from "../plan/prepareWrite.ts";
import { keyShapeOf, type WriteCall } from "../plan/writeCall.ts";
import type { HealingDeps } from "./healingDeps.ts";
import { type HealOptions, healWrite } from "./healWrite.ts";
import type { DbResult, Healing } from "./resilientDb.ts";
import { success, toResult } from "./runStatement.ts";

/** What is done to an insert of one row whose keys are known to be other names of columns, and nothing else. */
interface RenamedInsert {
  readonly plan: CompiledPlan["plan"];
  readonly shape: RenamedShape;
  /** For each part the type that its values have to fit as they are; undefined for a column's own name. */
  readonly targets: readonly (CoercionColumn | undefined)[];
  readonly healing: readonly Healing[];
}

const compiled = new WeakMap<CompiledPlan, RenamedInsert | undefined>();

/**
 * Inserts one row under the names of now by the shortest way: what a known drift mostly is costs little more than a clean
 * write. Undefined where it takes the long way.
 */
export async function insertRenamed(
  deps: HealingDeps,
  call: WriteCall,
  startedAt: number,
  options: HealOptions | undefined,
): Promise<DbResult<Row[]> | undefined> {
  const found = deps.plans.find(call);
  if (found === undefined) return undefined;
  const payload = call.rows[0]!;
  let renamed = compiled.get(found);
  if (renamed === undefined && !compiled.has(found)) compiled.set(found, renamed = compile(found, payload));
  const sent = renamed && rename(payload, renamed);
  if (sent === undefined) return undefined;

  const { plan, shape, healing } = renamed!;
  const { value: rows, failure } = await deps.route.connector.insert(plan.table, [sent]);
  if (failure !== undefined) {
    const prepared = prepareWrite(call, plan);
    return toResult(deps, await healWrite(deps, { prepared, failure, isRecorded: true }, options ?? {}), startedAt);
  }
  if (rows.length === 1 && !noteTold(deps.journal, shape, plan, payload, rows[0]!, deps.writer)) {
    const records = { durationMs: 0, newId: () => deps.random.uuid() };
    noteRows(deps.journal, prepareWrite(call, plan), { rows, places: [0] }, records, deps.writer);
  }
  if (deps.hub.isWatched) deps.hub.counted("heal.compiled", healing.length);
  rememberHealedRows(rows, plan.table);
  return { data: rows, error: null, healing, attempts: 1, durationMs: deps.clock.monotonic() - startedAt };
}

function compile({ plan, isRecorded }: CompiledPlan, payload: Row): RenamedInsert | undefined {
  const made = plan.shapes.get(keyShapeOf(payload));
  const shape = renamedShapeOf(plan, payload);
  if (made === undefined || shape === undefined || !isRecorded || plan.statements !== undefined) return undefined;
  const { names, rescued, flattened, nested, coerced, omitted } = made;
  const isMore = [rescued, flattened, nested, coerced, omitted].some(({ size }) => size > 0);
  if (isMore || shape.parts.some(({ column }) => column === "__proto__")) return undefined;
  const { healing } = success([], { plan, attempts: 1, durationMs: 0 });
  return { plan, shape, targets: shape.parts.map(({ key }) => names.get(key)?.target), healing };
}

/** The row under the names of now; undefined where a value does not fit as it is. */
function rename(payload: Row, { shape: { parts }, targets }: RenamedInsert): Row | undefined {
  const sent: Record<string, unknown> = {};
  for (let at = 0; at < parts.length; at++) {
    const { key, column } = parts[at]!;
    const value = payload[key];
    if (value === undefined) return undefined;
    const target = targets[at];
    if (target !== undefined) {
      const coercion = coerceLosslessly(value, target);
      if (!coercion.ok || !Object.is(coercion.value, value)) return undefined;
    }
    sent[column] = value;
  }
  return sent;
}
