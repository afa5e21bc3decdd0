import type { ResilientDb } from "../../../supabase/functions/_shared/healing/client/resilientDb.ts";
import type { Drift, DriftCall } from "./drift.ts";
import type { DriftWorld } from "./driftWorld.ts";
import { payloadOf } from "./finishScene.ts";
import { observeDrift, readLetters } from "./observeDrift.ts";
import type { Observation, ToldFate } from "./observation.ts";
import { ident } from "./scene.ts";

/** What came of a drift's calls. */
export interface DriftOutcome {
  readonly drift: Drift;
  readonly seen: Observation;
  /** Codes of the errors that callers got. */
  readonly errors: readonly string[];
}

interface Run {
  readonly drift: Drift;
  readonly isolate: ResilientDb;
  readonly told: ToldFate[][];
  readonly errors: string[];
}

/**
 * Lets drifts happen side by side: schemas change together, as one migration would change them, then each makes its calls.
 * What nobody is to see between two changes happens in one transaction.
 */
export async function runWave(world: DriftWorld, drifts: readonly Drift[]): Promise<DriftOutcome[]> {
  const [{ now: since }] = await world.sql<[{ now: string }]>`select clock_timestamp()::text as now`;
  const runs: Run[] = drifts.map((drift) => ({ drift, isolate: world.isolateFor(drift), told: [], errors: [] }));
  const pending = new Map(drifts.map((drift) => [drift, [] as string[]]));
  const cut = drifts.map((drift) => ({ drift, stages: drift.stages, last: drift.stages.length - 1 }));
  for (const step of ["before", "middle", "after"] as const) {
    const here = cut.flatMap(({ drift, stages, last }) => {
      const at = step === "before" ? 0 : step === "after" ? last : last > 1 ? 1 : -1;
      const stage = stages[at];
      if (stage === undefined) return [];
      pending.get(drift)!.push(...stage.ddl);
      if (step === "before" && !isWarm(drift)) pending.get(drift)!.push(...plantingOf(drift));
      return step === "after" || stage.isSeen ? [{ drift, stage }] : [];
    });
    await change(world, here.map(({ drift }) => ({ drift, statements: pending.get(drift)!.splice(0) })));
    // Supabase's own trigger says so at each change; where it is missing, healing has to.
    if (step === "before" || drifts[0]!.number % 3 > 0) await world.sql`notify pgrst, 'reload schema'`;
    // After the last change it is often the first failing write that finds out.
    const isLookedAt = step === "after" ? here.at(0)?.stage.isSeen === true : here.length > 0;
    if (isLookedAt) await world.look();
    for (const { drift, stage } of here) {
      const run = runs.find((run) => run.drift === drift)!;
      if (step === "before" && isWarm(drift)) await warmUp(run);
      for (const call of stage.calls) run.told.push(await make(run, call));
    }
  }
  for (const isolate of new Set(runs.map(({ isolate }) => isolate))) await isolate.flush();
  const letters = await readLetters(world, since);
  const outcomes: DriftOutcome[] = [];
  for (const { drift, isolate, told, errors } of runs) {
    outcomes.push({ drift, seen: await observeDrift({ world, drift, isolate, letters, told }), errors });
  }
  for (const { isolate } of runs) await world.leave(isolate);
  await change(world, drifts.map((drift) => ({ drift, statements: drift.cleanUp })));
  return outcomes;
}

const isWarm = ({ isWarm, stages, seeds, route }: Drift) =>
  isWarm && stages[0]!.isSeen && seeds.length > 0 && route !== "postgrest";

function plantingOf({ bornAs, seeds }: Drift): string[] {
  if (seeds.length === 0) return [];
  const rows = JSON.stringify(seeds.map(({ payload }) => payload));
  const table = `public.${ident(bornAs)}`;
  return [`insert into ${table} select * from json_populate_recordset(null::${table}, $seeds$${rows}$seeds$)`];
}

async function warmUp({ drift, isolate }: Run): Promise<void> {
  const { error } = await isolate.insert(drift.bornAs, drift.seeds.map(({ payload }) => payload));
  if (error !== null) {
    throw new Error(`Cannot plant the seeds of drift ${drift.number}: ${error.code} ${error.message}`);
  }
}

/** In one transaction for all; where that fails, one by one, to say whose statements are wrong. */
async function change(
  world: DriftWorld,
  changes: readonly { drift: Drift; statements: readonly string[] }[],
): Promise<void> {
  const all = changes.flatMap(({ statements }) => statements);
  if (all.length === 0) return;
  try {
    await world.sql.unsafe(all.join(";\n"));
  } catch {
    for (const { drift, statements } of changes) {
      const text = statements.join(";\n");
      await world.sql.unsafe(text).catch((error) => {
        throw new Error(`Cannot change the schema for drift ${drift.number}: ${error.message}\n${text}`, {
          cause: error,
        });
      });
    }
  }
}

async function make({ drift, isolate, errors }: Run, call: DriftCall): Promise<ToldFate[]> {
  const rows = call.rows.map(({ fields }) => payloadOf(fields));
  if (call.operation === "batch") {
    const { chunkSize } = call;
    const report = await isolate.batch(call.table, rows, chunkSize === undefined ? {} : { chunkSize });
    errors.push(...report.rows.flatMap(({ error }) => error === undefined ? [] : [error.code]));
    return rows.map((_, at) => {
      const { fate } = report.rows.find(({ index }) => index === at)!;
      return fate === "deadLettered" ? "dead letter" : fate === "failed" ? "failed" : "landed";
    });
  }
  const { error } = await send(isolate, call, rows.length === 1 && drift.number % 2 === 0 ? rows[0]! : rows);
  if (error !== null) errors.push(error.code);
  return rows.map((_, at) =>
    error === null ? "landed" : error.deadLetterIds[at] === undefined ? "failed" : "dead letter"
  );
}

function send(isolate: ResilientDb, call: DriftCall, rows: Record<string, unknown> | Record<string, unknown>[]) {
  switch (call.operation) {
    case "upsert":
      return isolate.upsert(call.table, rows, { onConflict: call.onConflict! });
    case "update":
      return isolate.update(call.table, Array.isArray(rows) ? rows[0]! : rows, call.match!);
    default:
      return isolate.insert(call.table, rows);
  }
}
