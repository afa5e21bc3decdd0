import { testDatabase } from "../tests/harness/testDatabase.ts";
import type { Bench } from "./report/bench.ts";
import { markdownTable } from "./report/markdownTable.ts";
import { median } from "./report/median.ts";
import { type AllocatedBytes, measureBytes } from "./resilientDb/measureBytes.ts";
import { type CallLoad, measureCalls, quantile } from "./resilientDb/measureCalls.ts";
import { type DriftRounds, measureFirstHeals, measureKnownDrift } from "./resilientDb/measureDrift.ts";
import { bareSide, clientSide, type Side, textSide } from "./resilientDb/openSides.ts";
import { ordersTable, poolSize } from "./resilientDb/orders.ts";

// Many short rounds: a burst of other work spoils few of them, and both sides of a pair follow each other closely.
const rounds = 31;
const ms = 200;
const warmUpMs = 1_500;
const heals = 100;
const inFlights = [1, 10, 50];
const operations = ["insert", "select"] as const;
type Operation = typeof operations[number];

interface Rounds {
  readonly operation: Operation;
  readonly inFlight: number;
  /** By the side's label. */
  readonly loads: ReadonlyMap<string, readonly CallLoad[]>;
}

async function measureSides(sides: readonly Side[], progress: (line: string) => void): Promise<readonly Rounds[]> {
  for (const operation of operations) {
    for (const side of sides) await measureCalls(() => side[operation](), { inFlight: poolSize, ms: warmUpMs });
  }
  const found: Rounds[] = [];
  for (const operation of operations) {
    for (const inFlight of inFlights) {
      const loads = new Map<string, CallLoad[]>(sides.map(({ label }) => [label, []]));
      for (let round = 0; round < rounds; round++) {
        // Each side comes first, second and last as often as the others.
        for (const [place] of sides.entries()) {
          const side = sides[(place + round) % sides.length]!;
          loads.get(side.label)!.push(await measureCalls(() => side[operation](), { inFlight, ms }));
        }
      }
      found.push({ operation, inFlight, loads });
      const rates = [...loads].map(([label, list]) => `${label} ${perSecond(list)}/s`);
      progress(`${operation}, ${inFlight} in flight: ${rates.join(", ")}`);
    }
  }
  return found;
}

const perSecond = (loads: readonly CallLoad[]) =>
  Math.round(median(loads.map(({ callsPerSecond }) => callsPerSecond))).toLocaleString("en");
const ms50 = (loads: readonly CallLoad[]) => median(loads.map(({ p50Ms }) => p50Ms)).toFixed(3);
const cpu50 = (loads: readonly CallLoad[]) => median(loads.map(({ cpuUs }) => cpuUs)).toFixed(0);

/** Round by round, so that a slow moment of the machine weighs on both. */
function ratio(loads: readonly CallLoad[], peers: readonly CallLoad[], of: (load: CallLoad) => number): string {
  return median(loads.map((load, round) => of(load) / of(peers[round]!))).toFixed(2);
}

async function measure(progress: (line: string) => void): Promise<string> {
  await using database = await testDatabase();
  await database.sql.unsafe(ordersTable);
  let found: readonly Rounds[];
  {
    await using bare = bareSide(database.url);
    await using text = textSide(database.url);
    await using client = clientSide(database.url);
    found = await measureSides([bare, text, client], progress);
  }
  const drift = await measureKnownDrift(database, { rounds, ms, inFlights });
  progress(`known drift: ${drift.map(({ clean, drifted }) => ratio(drifted, clean, (load) => load.p50Ms)).join(", ")}`);
  const times = await measureFirstHeals(database, heals);
  progress(`first heal: p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`);
  return render(found, drift, times, await measureBytes(database.url));
}

function render(
  found: readonly Rounds[],
  drift: readonly DriftRounds[],
  times: readonly number[],
  bytes: AllocatedBytes,
): string {
  const rows = found.flatMap(({ operation, inFlight, loads }) => {
    const peers = [...loads.values()][0]!;
    return [...loads].map(([label, list]) => [
      `${operation}, ${inFlight} in flight, ${label}`,
      perSecond(list),
      ms50(list),
      list === peers ? "" : ratio(list, peers, (load) => load.p50Ms),
      list === peers ? "" : ratio(list, peers, (load) => load.callsPerSecond),
      cpu50(list),
      list === peers ? "" : ratio(list, peers, (load) => load.cpuUs),
      Math.round(bytes[label]![operation]).toLocaleString("en"),
    ]);
  });
  const driftRows = drift.map(({ inFlight, clean, drifted }) => [
    `insert, ${inFlight} in flight`,
    ms50(clean),
    ms50(drifted),
    ratio(drifted, clean, (load) => load.p50Ms),
    ratio(drifted, clean, (load) => load.callsPerSecond),
    cpu50(clean),
    cpu50(drifted),
  ]);
  const heal = [0.5, 0.99].map((share) => quantile(times, share).toFixed(1));
  return `One process, one local Postgres without fsync (so that the client's own work shows), pools of ${poolSize} connections, ${rounds} rounds of
${ms} ms for each side in turn after ${warmUpMs} ms of warm-up; medians; ratios are medians of the rounds' ratios to bare postgres.js with the
same statement written out. Bytes are what V8's heap grew by a call, over 2,000 calls one after the other in a process of its own with a
young generation of 256 MB, in which nothing is collected meanwhile. CPU is that of the process a call. Wanted: p50 at most 1.05, throughput at least 0.95.

${markdownTable(["", "calls/s", "p50 ms", "p50 ratio", "calls ratio", "CPU us", "CPU ratio", "bytes a call"], rows)}

A write under a known drift (a column was renamed; the plan for it is compiled) beside a clean one, both by ResilientDb on a connection
string. Wanted: p50 at most 1.10.

${
    markdownTable(
      ["", "clean p50 ms", "drift p50 ms", "p50 ratio", "calls ratio", "clean CPU us", "drift CPU us"],
      driftRows,
    )
  }

First heal of a fresh drift (a column is renamed, the next write has its former name), warm isolate, without AI, ${times.length} times:
p50 ${heal[0]} ms, p99 ${heal[1]} ms. Wanted: p99 at most 50 ms.`;
}

/** ResilientDb beside the bare driver. */
export const resilientDbBench: Bench = {
  name: "resilientDb",
  title: "ResilientDb beside bare postgres.js",
  run: measure,
};
