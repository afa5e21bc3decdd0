/** What it costs to record an operation, beside prom-client's histogram; prints microseconds a call as JSON. Runs on both Denos. */
import { Histogram, Registry } from "prom-client";
import { IsolateMonitor } from "../../supabase/functions/_shared/monitor/isolateMonitor.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { causedBy } from "../../supabase/functions/_shared/telemetry/causeScope.ts";
import { KernelHub } from "../../supabase/functions/_shared/telemetry/kernelHub.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { median } from "../report/median.ts";

const rounds = 21;
const callsARound = 100_000;
const random = seededRandom(1);
const durations = Float64Array.from({ length: 4_096 }, () => Math.exp(random.next() * 8 - 3));
const operations = Array.from({ length: 20 }, (_, at) => `db.operation${at}`);

type Side = (operation: string, durationMs: number) => void;

function ourMonitor(): IsolateMonitor {
  return new IsolateMonitor({
    // As often as it would be in earnest, but nobody keeps it.
    store: { record: () => Promise.resolve() },
    isolate: () => "bench",
    clock: systemClock,
    random,
    waitUntil: () => {},
    slowMs: 1_000,
  });
}

function promHistogram(): Histogram {
  return new Histogram({
    name: "operation_duration_seconds",
    help: "How long operations took",
    labelNames: ["function", "operation"],
    registers: [new Registry()],
  });
}

const monitor = ourMonitor();
const hub = new KernelHub();
hub.watch(ourMonitor());
const histogram = promHistogram();
const children = new Map(operations.map((operation) => [operation, promHistogram().labels("orders", operation)]));
const labels = new Map(operations.map((operation) => [operation, { function: "orders", operation }]));

const sides: readonly (readonly [string, Side])[] = [
  ["nothing", () => {}],
  ["record, ours", (operation, durationMs) => monitor.record(operation, durationMs)],
  ["called by the kernel's hub, ours", (operation, durationMs) => hub.called(operation, durationMs, false)],
  [
    "histogram.observe(labels, value), prom-client",
    (operation, ms) => histogram.observe(labels.get(operation)!, ms / 1e3),
  ],
  [
    "histogram.labels(...).observe(value), kept, prom-client",
    (operation, ms) => children.get(operation)!.observe(ms / 1e3),
  ],
];

function timeSide(side: Side): number {
  const startedAt = performance.now();
  for (let call = 0; call < callsARound; call++) side(operations[call % 20]!, durations[call & 4_095]!);
  return (performance.now() - startedAt) * 1_000 / callsARound;
}

const times = new Map<string, number[]>(sides.map(([label]) => [label, []]));
// On behalf of a request, as in a function: that costs a look at the async context.
causedBy({ requestId: "bench", functionName: "orders" }, () => {
  for (let round = -3; round < rounds; round++) {
    for (const [label, side] of round % 2 === 0 ? sides : [...sides].reverse()) {
      const took = timeSide(side);
      if (round >= 0) times.get(label)!.push(took);
    }
  }
});
const figures = [...times].map(([label, values]) => ({
  label,
  median: median(values),
  least: Math.min(...values),
  most: Math.max(...values),
}));
// deno-lint-ignore no-console -- what it is for
console.log(JSON.stringify(figures));
