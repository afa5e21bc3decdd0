import { type TestDatabase, testDatabase } from "../tests/harness/testDatabase.ts";
import type { IsolateSetup } from "./fleet/breakerSides.ts";
import { Dependency } from "./fleet/dependency.ts";
import { closeIsolates, openIsolates } from "./fleet/isolateFleet.ts";
import { measureHealthyPath, measureRecovery } from "./fleet/measureSharing.ts";
import type { Bench } from "./report/bench.ts";
import { markdownTable } from "./report/markdownTable.ts";

const isolateCount = 50;
const callsEach = 20;
const sides = ["ours", "opossum", "cockatiel"] as const;
const labels = { ours: "ours, shared by the fleet", opossum: "opossum alone", cockatiel: "cockatiel alone" };

const setupOf = (side: IsolateSetup["side"], databaseUrl: string, some: Partial<IsolateSetup> = {}): IsolateSetup => ({
  side,
  databaseUrl,
  resetTimeoutMs: 60_000,
  rampStepMs: 2_000,
  isHydrated: false,
  ...some,
});

/** Isolates start one after another, each calls and goes. */
async function oneAfterAnother(setup: IsolateSetup, dependency: Dependency): Promise<number> {
  return await dependency.count(async () => {
    for (let number = 0; number < isolateCount; number++) {
      const isolates = await openIsolates(1, setup, dependency.url);
      await isolates[0]!.call(callsEach);
      await closeIsolates(isolates);
    }
  });
}

/** All of them make their first call at once. */
async function allAtOnce(setup: IsolateSetup, dependency: Dependency): Promise<number> {
  const isolates = await openIsolates(isolateCount, setup, dependency.url);
  const calls = await dependency.count(() => Promise.all(isolates.map((isolate) => isolate.call(callsEach))));
  await closeIsolates(isolates);
  return calls;
}

/** The circuit is open, they know it, and its time runs out: all of them call, of a dependency that takes its time. */
async function halfOpen(side: IsolateSetup["side"], database: TestDatabase, dependency: Dependency): Promise<number> {
  const resetTimeoutMs = side === "ours" ? 60_000 : 1_000; // Ours has the row below instead.
  const setup = setupOf(side, database.url, { isHydrated: true, resetTimeoutMs });
  await database.sql`insert into resilience.circuits (name, epoch, phase, trips, until_at, reason)
    values ('ai', 1, 'open', 1, clock_timestamp() + interval '1 minute', 'it failed')`;
  const isolates = await openIsolates(isolateCount, setup, dependency.url);
  if (side === "ours") { for (const isolate of isolates) await isolate.call(1); }
  await database.sql`update resilience.circuits set until_at = clock_timestamp() where name = 'ai'`;
  dependency.answerMs = 3_000;
  // Ours call again and again while the probe is under way: the first time they learn that its time is up.
  const [times, pauseMs] = side === "ours" ? [5, 500] : [1, 0];
  const calls = await dependency.count(() => Promise.all(isolates.map((isolate) => isolate.call(times, pauseMs))));
  dependency.answerMs = 0;
  await closeIsolates(isolates);
  return calls;
}

async function measure(progress: (line: string) => void): Promise<string> {
  await using dependency = new Dependency();
  const rows: string[][] = [];
  for (const side of sides) {
    const found: number[] = [];
    for (const scenario of [oneAfterAnother, allAtOnce]) {
      await using database = await testDatabase();
      found.push(await scenario(setupOf(side, database.url), dependency));
    }
    await using database = await testDatabase();
    found.push(await halfOpen(side, database, dependency));
    progress(`${side}: ${found.join(", ")}`);
    rows.push([labels[side], ...found.map(String)]);
  }
  const healthy = await measureHealthyPath({ isolateCount, setup: (url) => setupOf("ours", url), dependency });
  progress(healthy);
  const recovery = await measureRecovery({
    isolateCount,
    setup: (url) => setupOf("ours", url, { resetTimeoutMs: 1_000, rampStepMs: 2_000 }),
    dependency,
  });
  return `${isolateCount} isolates, workers that share nothing but the database, make ${callsEach} calls each of a
dependency that answers 503; a circuit opens after five failures. Doomed calls are those that reached it. Wanted: at most
10, at most 60, and 1.

${
    markdownTable(
      ["doomed calls", "started one after another", "started all at once", "half-open, one lease"],
      rows,
    )
  }

${healthy}

${recovery}`;
}

/** How many doomed calls a fleet makes, beside breakers that each isolate has for itself. */
export const fleetBench: Bench = { name: "fleet", title: "A dead dependency before a fleet", run: measure };
