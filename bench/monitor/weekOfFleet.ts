import { IsolateMonitor } from "../../supabase/functions/_shared/monitor/isolateMonitor.ts";
import type { TelemetrySender } from "../../supabase/functions/_shared/monitor/telemetryStore.ts";
import type { TelemetryFrame } from "../../supabase/functions/_shared/monitor/telemetryFrame.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { causedBy } from "../../supabase/functions/_shared/telemetry/causeScope.ts";
import type { TestDatabase } from "../../tests/harness/testDatabase.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** What a fleet does in the time that is simulated. */
export interface FleetPlan {
  readonly seed: number;
  readonly isolates: number;
  readonly days: number;
  readonly fromMs: number;
}

/** A call as it was, to find exact quantiles by. */
export interface ExactCalls {
  readonly at: number[];
  readonly durationMs: number[];
}

/** What came of it. */
export interface FleetWeek {
  readonly calls: ReadonlyMap<string, ExactCalls>;
  readonly requests: number;
  readonly writes: number;
  readonly bytes: number;
  /** The shortest time between two writes of one isolate. */
  readonly leastGapMs: number;
  /** The most writes of one isolate within ten seconds, wherever they begin. */
  readonly mostInTenSeconds: number;
}

interface Write extends TelemetrySender {
  readonly frames: readonly TelemetryFrame[];
  readonly at: number;
}

/** An hour a day each isolate is busy all the time, else it has a request every five minutes or so. */
const gapMs = (at: number, chance: number) => {
  const isBusy = Math.floor(at / hourMs) % 24 === 17;
  return -Math.log(1 - chance) * (isBusy ? 2_500 : 300_000) + 1;
};

/**
 * Lets a fleet live through days of a clock of its own: real monitors decide when to write, the real statements take and
 * merge what they write, minute by minute, as the job would.
 */
export async function liveThrough(
  { seed, isolates, days, fromMs }: FleetPlan,
  { sql }: TestDatabase,
  progress: (line: string) => void,
): Promise<FleetWeek> {
  const random = seededRandom(seed);
  const toMs = fromMs + days * dayMs;
  const calls = new Map<string, ExactCalls>(["http.POST", "db.select", "db.insert"].map((name) => [name, {
    at: [],
    durationMs: [],
  }]));
  let queue: Write[] = [];
  const times = new Map<string, number[]>();
  let [requests, writes, bytes, isOver] = [0, 0, 0, false];

  const fleet = Array.from({ length: isolates }, (_, place) => {
    const clock = { at: fromMs, now: () => clock.at, monotonic: () => clock.at - fromMs, setTimer: () => () => {} };
    const background: Promise<unknown>[] = [];
    const monitor = new IsolateMonitor({
      store: {
        record(sender, frames) {
          queue.push({ ...sender, frames, at: clock.at });
          if (isOver) return Promise.resolve();
          const before = times.get(sender.writer) ?? [];
          times.set(sender.writer, before);
          before.push(clock.at);
          return Promise.resolve();
        },
      },
      isolate: () => `isolate-${place}`,
      clock,
      random,
      waitUntil: (work) => void background.push(work),
    });
    return { clock, monitor, background, nextAt: fromMs + random.next() * 2 * minuteMs, speed: 0.7 + random.next() };
  });

  const lognormal = (middle: number, spread: number) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    return middle * Math.exp(spread * normal);
  };
  const record = (monitor: IsolateMonitor, operation: string, at: number, durationMs: number) => {
    const exact = calls.get(operation)!;
    exact.at.push(at);
    exact.durationMs.push(durationMs);
    monitor.record(operation, durationMs);
  };

  /** Hands over what was written; one statement a write, in one round trip. */
  async function take(): Promise<void> {
    const taken = JSON.stringify(
      queue.map(({ isolate, writer, frames, at }) => ({ isolate, writer, telemetry: { frames }, at })),
    );
    writes += queue.length;
    bytes += taken.length;
    queue = [];
    await sql`
      select resilience.record_telemetry(written.isolate, written.writer, written.telemetry, to_timestamp(written.at / 1000))
      from jsonb_to_recordset(${taken}::text::jsonb) as written (isolate text, writer uuid, telemetry jsonb, "at" double precision)`;
  }

  for (let minute = fromMs; minute < toMs; minute += minuteMs) {
    for (const isolate of fleet) {
      const { clock, monitor, background, speed } = isolate;
      while (isolate.nextAt < minute + minuteMs) {
        clock.at = Math.floor(isolate.nextAt);
        causedBy({ requestId: "bench", functionName: "orders" }, () => {
          monitor.arrived();
          // Caches make reads of two kinds; inserts drift over the week.
          const select = random.next() < 0.8 ? lognormal(0.6 * speed, 0.3) : lognormal(12 * speed, 0.6);
          const insert = lognormal(4 * speed * (1 + (minute - fromMs) / (14 * dayMs)), 0.8);
          record(monitor, "db.select", clock.at, select);
          record(monitor, "db.insert", clock.at, insert);
          record(monitor, "http.POST", clock.at, select + insert + lognormal(2, 0.5));
          monitor.answered("orders", "GET", monitor.arrived(), new Response());
        });
        requests++;
        if (background.length > 0) await Promise.all(background.splice(0));
        isolate.nextAt += gapMs(clock.at, random.next());
      }
    }
    await take();
    // The job of the minute; hours and days once an hour, as none is due otherwise.
    while (await one(sql`select resilience.roll_up_samples(2000) as n`) >= 2_000);
    if ((minute + minuteMs) % hourMs !== 3 * minuteMs) continue;
    const end = new Date(minute + minuteMs);
    while (await one(sql`select (resilience.roll_up_marked(${end}::timestamptz) is not null)::integer as n`) > 0);
    while (await one(sql`select resilience.purge_metrics(2000, p_moment => ${end}::timestamptz) as n`) > 0);
    // The test server's autovacuum is off; it would come for these tables, and more often than once an hour.
    await sql`vacuum resilience.metric_samples, resilience.metric_rollups, resilience.metric_marks, resilience.telemetry_writers`;
    if ((minute + minuteMs) % dayMs === 3 * minuteMs) {
      progress(`day ${Math.round((minute - fromMs) / dayMs)}: ${writes} writes`);
    }
  }
  // As when an isolate is retired: this write does not wait for its time.
  isOver = true;
  await Promise.all(fleet.map(({ monitor }) => monitor.flush()));
  await take();
  const gaps = [...times.values()].flatMap((at) => at.slice(1).map((time, place) => time - at[place]!));
  const within = (at: readonly number[]) =>
    Math.max(...at.map((time, place) => at.slice(place, place + 5).filter((other) => other < time + 10_000).length));
  return {
    calls,
    requests,
    writes,
    bytes,
    leastGapMs: gaps.reduce((least, gap) => Math.min(least, gap), Infinity),
    mostInTenSeconds: Math.max(...[...times.values()].map(within)),
  };
}

/** The one number that a statement gives. */
async function one(statement: PromiseLike<readonly { n?: number }[]>): Promise<number> {
  const [row] = await statement;
  return row?.n ?? 0;
}
