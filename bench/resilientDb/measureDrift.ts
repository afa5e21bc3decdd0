import { createResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { createSchemaVersionManager } from "../../supabase/functions/_shared/schemaVersioning.ts";
import type { TestDatabase } from "../../tests/harness/testDatabase.ts";
import { type CallLoad, measureCalls } from "./measureCalls.ts";
import { mustSucceed } from "./openSides.ts";
import { order, poolSize } from "./orders.ts";

/** Rounds of writes under the column's name of now, and under its former one. */
export interface DriftRounds {
  readonly inFlight: number;
  readonly clean: readonly CallLoad[];
  readonly drifted: readonly CallLoad[];
}

/** Writes under a known drift beside clean ones, in turns. */
export async function measureKnownDrift(
  database: TestDatabase,
  { rounds, ms, inFlights }: { readonly rounds: number; readonly ms: number; readonly inFlights: readonly number[] },
): Promise<readonly DriftRounds[]> {
  const versions = createSchemaVersionManager(database.sql);
  await versions.initialize();
  await database.sql.unsafe("alter table public.drifted rename column total to amount");
  await versions.check();
  await versions.close();
  const open = () => createResilientDb(database.url, { poolSize, schemaPollMs: 0 });
  const [cleanDb, driftedDb] = [open(), open()];
  const { total: amount, ...rest } = order;
  const renamed = { ...rest, amount };
  const clean = () => cleanDb.insert("drifted", renamed).then(mustSucceed);
  const drifted = () =>
    driftedDb.insert("drifted", order).then(mustSucceed).then(({ healing }) => {
      if (healing.length !== 1) throw new Error(`Cannot measure the drift: ${healing.length} heals`);
    });
  const found: DriftRounds[] = [];
  for (const call of [clean, drifted]) await measureCalls(call, { inFlight: poolSize, ms: 1_000 });
  for (const inFlight of inFlights) {
    const sides = { clean: [] as CallLoad[], drifted: [] as CallLoad[] };
    for (let round = 0; round < rounds; round++) {
      for (const side of round % 2 === 0 ? ["clean", "drifted"] as const : ["drifted", "clean"] as const) {
        const load = await measureCalls(side === "clean" ? clean : drifted, { inFlight, ms });
        if (side === "drifted") {
          // What is noted behind the writes is a cost of theirs, and none of the clean ones'.
          await driftedDb.flush();
        }
        sides[side].push(load);
      }
    }
    found.push({ inFlight, ...sides });
  }
  await Promise.all([cleanDb.close(), driftedDb.close()]);
  return found;
}

/** The times of first heals in milliseconds: a column is renamed, and the next write still has its former name. */
export async function measureFirstHeals(database: TestDatabase, count: number): Promise<readonly number[]> {
  const db = createResilientDb(database.url, { poolSize, schemaPollMs: 0 });
  const times: number[] = [];
  mustSucceed(await db.insert("drifted", { customer_id: 1, amount: "1" }));
  await db.flush();
  let name = "note";
  for (let i = -5; i < count; i++) { // The first few warm the isolate up.
    const next = `note_${i + 5}`;
    await database.sql.unsafe(`alter table public.drifted rename column ${name} to ${next}`);
    const startedAt = performance.now();
    const result = await db.insert("drifted", { customer_id: 1, amount: "1", [name]: "x" });
    const ms = performance.now() - startedAt;
    const { healing } = mustSucceed(result);
    if (healing[0]?.strategy !== "catalog_rename") throw new Error(`Cannot measure heals: ${JSON.stringify(healing)}`);
    if (i >= 0) times.push(ms);
    name = next;
  }
  await db.close();
  return times;
}
