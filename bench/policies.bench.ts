import * as cockatiel from "cockatiel";
import Opossum from "opossum";
import { CircuitRegistry } from "../supabase/functions/_shared/breaker/circuitRegistry.ts";
import { bulkhead } from "../supabase/functions/_shared/policies/bulkhead.ts";
import { circuitPolicy } from "../supabase/functions/_shared/policies/circuitPolicy.ts";
import { fallback } from "../supabase/functions/_shared/policies/fallback.ts";
import { openRetryBudget } from "../supabase/functions/_shared/policies/openRetryBudget.ts";
import { pipeline } from "../supabase/functions/_shared/policies/pipeline.ts";
import { retry } from "../supabase/functions/_shared/policies/retry.ts";
import { timeout } from "../supabase/functions/_shared/policies/timeout.ts";
import type { Bench } from "./report/bench.ts";
import { markdownTable } from "./report/markdownTable.ts";
import { median } from "./report/median.ts";

const rounds = 21;
const callsARound = 20_000;
const atOnce = 100;

type Answer = (call?: { readonly signal: AbortSignal }) => Promise<number>;

/** Calls work under policies. */
type Side = (work: Answer, signal?: AbortSignal) => Promise<number>;

function ours(): Side {
  const five = pipeline({
    fallback: fallback(() => 0),
    retry: retry({ budget: openRetryBudget() }),
    bulkhead: bulkhead({ capacity: atOnce }),
    circuit: circuitPolicy(new CircuitRegistry().getBreaker("bench", { timeout: false })),
    timeout: timeout({ timeoutMs: 1_000 }),
  });
  return (work, signal) => five.execute(work, signal && { signal });
}

/** The same five, in the same order. */
function theirs(): Side {
  const five = cockatiel.wrap(
    cockatiel.fallback(cockatiel.handleAll, 0),
    cockatiel.retry(cockatiel.handleAll, { maxAttempts: 2, backoff: new cockatiel.ExponentialBackoff() }),
    cockatiel.bulkhead(atOnce, 20),
    cockatiel.circuitBreaker(cockatiel.handleAll, {
      halfOpenAfter: 1_000,
      breaker: new cockatiel.ConsecutiveBreaker(5),
    }),
    cockatiel.timeout(1_000, cockatiel.TimeoutStrategy.Aggressive),
  );
  return (work, signal) => five.execute(work, signal);
}

/** opossum with all left out that costs: timers, snapshots, percentiles. */
function leanOpossum(): Side {
  const make = Opossum as unknown as new (action: unknown, options: object) => { fire(work: Answer): Promise<number> };
  const breaker = new make((work: Answer) => work(), {
    timeout: false,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    volumeThreshold: 5,
  });
  return (work) => breaker.fire(work);
}

/** A circuit alone; its store is not asked while all is well, so there is none. */
function ourCircuit(timeout: number | false): Side {
  const circuit = new CircuitRegistry().getBreaker("bench", { timeout });
  return (work, signal) => circuit.execute(work, undefined, signal && { signal });
}

function theirBreaker(): Side {
  const breaker = cockatiel.circuitBreaker(cockatiel.handleAll, {
    halfOpenAfter: 1_000,
    breaker: new cockatiel.ConsecutiveBreaker(5),
  });
  return (work, signal) => breaker.execute(work, signal);
}

/** One call after the other, of work that is done at once. */
async function oneByOne(side: Side): Promise<number> {
  const work = () => Promise.resolve(7);
  const startedAt = performance.now();
  for (let index = 0; index < callsARound; index++) await side(work);
  return (performance.now() - startedAt) * 1_000 / callsARound;
}

/** The same under the signal of a caller who makes ten calls, with work that reads its own signal. */
async function withSignals(side: Side): Promise<number> {
  const work: Answer = (call) => Promise.resolve(call?.signal.aborted ? 0 : 7);
  const startedAt = performance.now();
  for (let index = 0; index < callsARound / 10; index++) {
    const { signal } = new AbortController();
    for (let call = 0; call < 10; call++) await side(work, signal);
  }
  return (performance.now() - startedAt) * 1_000 / callsARound;
}

/** A hundred calls at once, whose work ends in a later turn of the event loop, as answers of a network do. */
async function manyAtOnce(side: Side): Promise<number> {
  const startedAt = performance.now();
  for (let batch = 0; batch < callsARound / atOnce; batch++) {
    const later = new Promise<number>((resolve) => setTimeout(resolve, 0, 7));
    await Promise.all(Array.from({ length: atOnce }, () => side(() => later)));
  }
  return (performance.now() - startedAt) * 1_000 / callsARound;
}

const sides: readonly (readonly [string, () => Side])[] = [
  ["bare call", () => (work) => work()],
  ["opossum, lean", leanOpossum],
  ["circuit, ours", () => ourCircuit(false)],
  ["circuit, ours, with its timeout", () => ourCircuit(10_000)],
  ["circuit breaker, cockatiel", theirBreaker],
  ["five policies, ours", ours],
  ["five policies, cockatiel", theirs],
];

async function measureSides(time: (side: Side) => Promise<number>, progress: (line: string) => void): Promise<string> {
  const made = sides.map(([label, make]) => [label, make()] as const);
  const times = new Map<string, number[]>(made.map(([label]) => [label, []]));
  for (let round = -3; round < rounds; round++) {
    for (const [label, side] of round % 2 === 0 ? made : [...made].reverse()) {
      const took = await time(side);
      if (round >= 0) times.get(label)!.push(took); // The first rounds warm up.
    }
  }
  const overBare = (label: string) =>
    median(times.get(label)!.map((value, at) => value - times.get("bare call")![at]!));
  const ours = overBare("five policies, ours");
  const rows = made.map(([label]) => {
    const [values, over] = [times.get(label)!, overBare(label)];
    progress(`${label}: ${median(values).toFixed(2)} us`);
    const figures = [median(values), Math.min(...values), Math.max(...values), over].map((value) => value.toFixed(2));
    return [label, ...figures, label === "bare call" ? "-" : (over / ours).toFixed(1)];
  });
  return markdownTable(["", "us a call, median", "least", "most", "over the bare call", "times ours"], rows);
}

async function measure(progress: (line: string) => void): Promise<string> {
  const calls = callsARound.toLocaleString("en");
  return `Fallback, retry (ours with its budget), bulkhead, circuit and timeout, nested in
this order; cockatiel 3.2.1 with the equivalent five; and the circuits alone. In one process, ${rounds} interleaved rounds of ${calls} calls
after three of warm-up. Wanted: our five at most 5 us over the bare call, our circuit
at most 0.5 us over opossum.

One call after the other, of work that is done at once:

${await measureSides(oneByOne, progress)}

The same under the signal of a caller who makes ten calls, with work that reads its own signal:

${await measureSides(withSignals, progress)}

A hundred calls at once, whose work ends in a later turn of the event loop:

${await measureSides(manyAtOnce, progress)}`;
}

/** What policies cost a call that goes well. */
export const policiesBench: Bench = { name: "policies", title: "The price of policies", run: measure };
