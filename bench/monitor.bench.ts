import { fileURLToPath } from "node:url";
import { driverDatabase } from "../supabase/functions/_shared/db/driverDatabase.ts";
import { postgresMetricsReader } from "../supabase/functions/_shared/monitor/postgresMetricsReader.ts";
import { edgeDenoEnv, ensureBinary } from "../tools/realBinaries.ts";
import { projectRoot } from "../tools/projectRoot.ts";
import { type TestDatabase, testDatabase } from "../tests/harness/testDatabase.ts";
import { dayMs, type ExactCalls, type FleetWeek, hourMs, liveThrough, minuteMs } from "./monitor/weekOfFleet.ts";
import type { Bench } from "./report/bench.ts";
import { markdownTable } from "./report/markdownTable.ts";

const plan = {
  seed: 2026,
  isolates: 50,
  days: Number(Deno.env.get("BALLAST_BENCH_DAYS") ?? 7),
  fromMs: Date.UTC(2026, 4, 4),
};
const shares = [0.5, 0.95, 0.99] as const;

interface Figure {
  readonly label: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

async function recordCost(command: string, env: Record<string, string>): Promise<Figure[]> {
  const script = fileURLToPath(new URL("./monitor/recordCost.ts", import.meta.url));
  const map = fileURLToPath(new URL("../import_map.json", import.meta.url));
  // Away from the checkout's settings, which the older Deno does not all know.
  const args = ["run", "-A", "--quiet", "--no-lock", "--no-config", "--no-check", "--import-map", map, script];
  const { success, stdout, stderr } = await new Deno.Command(command, { args, env, cwd: projectRoot }).output();
  if (!success) throw new Error(`Cannot measure with ${command}: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
}

async function costTable(): Promise<string> {
  const here = await recordCost(Deno.execPath(), {});
  const edge = await recordCost(await ensureBinary("deno-edge"), edgeDenoEnv());
  const rows = here.map(({ label, median, least, most }, place) => {
    const there = edge[place]!;
    return [label, ...[median, least, most, there.median, there.least, there.most].map((value) => value.toFixed(2))];
  });
  return markdownTable(["us a call", "2.9, median", "least", "most", "2.1.4, median", "least", "most"], rows);
}

/** The worst relative error of a window's quantiles, and of which. */
async function worstError(
  database: TestDatabase,
  calls: ReadonlyMap<string, ExactCalls>,
  windows: readonly { fromMs: number; toMs: number }[],
): Promise<{ errors: number[]; compared: number }> {
  const reader = postgresMetricsReader(driverDatabase(database.sql).sql);
  const errors = shares.map(() => 0);
  let compared = 0;
  for (const window of windows) {
    const { series } = await reader.read(window);
    for (const [operation, { at, durationMs }] of calls) {
      const exact = durationMs.filter((_, place) => at[place]! >= window.fromMs && at[place]! < window.toMs).sort((
        a,
        b,
      ) => a - b);
      if (exact.length === 0) continue;
      const measured = series.find((one) => one.operation === operation);
      if (measured?.count !== exact.length) {
        throw new Error(`Cannot compare '${operation}' as ${exact.length} calls were measured as ${measured?.count}`);
      }
      for (const [place, share] of shares.entries()) {
        const value = exact[Math.floor(share * (exact.length - 1))]!;
        errors[place] = Math.max(errors[place]!, Math.abs(measured.quantileMs(share) / value - 1));
        compared++;
      }
    }
  }
  return { errors, compared };
}

function windowsOf(lengthMs: number, count: number): { fromMs: number; toMs: number }[] {
  const all = Math.floor(plan.days * dayMs / lengthMs);
  return Array.from({ length: Math.min(count, all) }, (_, place) => {
    // Of minutes only those of the last two days are kept.
    const first = lengthMs < hourMs ? Math.max(0, all - 2 * dayMs / lengthMs + hourMs / lengthMs) : 0;
    const fromMs = plan.fromMs + Math.floor(first + (all - first) * place / count) * lengthMs;
    return { fromMs, toMs: fromMs + lengthMs };
  });
}

async function errorTable(database: TestDatabase, { calls }: FleetWeek): Promise<string> {
  const windows = [
    ["the whole time", windowsOf(plan.days * dayMs, 1)],
    ["days", windowsOf(dayMs, 7)],
    ["hours", windowsOf(hourMs, 48)],
    ["five minutes", windowsOf(5 * minuteMs, 100)],
  ] as const;
  const rows = [];
  for (const [label, some] of windows) {
    const { errors, compared } = await worstError(database, calls, some);
    rows.push([
      label,
      String(some.length),
      String(compared),
      ...errors.map((error) => `${(error * 100).toFixed(3)} %`),
    ]);
  }
  return markdownTable(["worst error of", "windows", "quantiles", "p50", "p95", "p99"], rows);
}

async function sizeTable({ sql }: TestDatabase): Promise<string> {
  const tables = ["metric_samples", "metric_rollups", "counter_rollups", "metric_marks", "telemetry_writers"];
  const rows = [];
  for (const name of tables) {
    const [row] = await sql`
      select pg_total_relation_size(${`resilience.${name}`}::regclass) as bytes,
        (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from resilience.%I', ${name}::text), true, true, '')))[1]::text
          as n`;
    rows.push([
      `resilience.${name}`,
      Number(row!.n).toLocaleString("en"),
      `${(Number(row!.bytes) / 1e6).toFixed(1)} MB`,
    ]);
  }
  const resolutions = await sql`
    select resolution, count(*)::integer as n, round(avg(pg_column_size(rollup.*)))::integer as bytes
    from resilience.metric_rollups rollup group by resolution order by 1`;
  for (const { resolution, n, bytes } of resolutions) {
    rows.push([`of which by ${resolution}`, n.toLocaleString("en"), `${bytes} bytes a row`]);
  }
  return markdownTable(["table", "rows", "size"], rows);
}

async function measure(progress: (line: string) => void): Promise<string> {
  const cost = await costTable();
  progress(cost);
  await using database = await testDatabase();
  const startedAt = performance.now();
  const week = await liveThrough(plan, database, progress);
  const took = ((performance.now() - startedAt) / 1_000).toFixed(0);
  const tenSeconds = plan.isolates * plan.days * dayMs / 10_000;
  return `Recording an operation on behalf of a request, 20 operations in turn, 21 interleaved rounds of 100,000 calls after three of
warm-up, beside prom-client 15.1.3, on both Denos. Wanted: at most 1 us.

${cost}

${plan.isolates} isolates for ${plan.days} simulated days (seed ${plan.seed}): each busy for an hour a day, with a request every 2.5 s, and else with
one every five minutes; ${
    week.requests.toLocaleString("en")
  } requests of four operations. Real monitors decide when to write, the real statements take and
merge it each minute. It took ${took} s. Wanted: at most one write an isolate and ten seconds, quantiles within 1 %.

${week.writes.toLocaleString("en")} writes, ${(week.writes / tenSeconds).toFixed(3)} an isolate and ten seconds, ${
    Math.round(week.bytes / week.writes)
  } bytes
each; at most ${week.mostInTenSeconds} within any ten seconds of an isolate, the shortest time between two ${
    (week.leastGapMs / 1_000).toFixed(1)
  } s.

${await errorTable(database, week)}

Exact quantiles are of the sorted calls, by the lower rank.

${await sizeTable(database)}`;
}

/** What recording costs, and a fleet's week of it. */
export const monitorBench: Bench = { name: "monitor", title: "What measuring costs", run: measure };
