import { advisorDeadlineKnob } from "../../ai/advisorKnobs.ts";
import { circuitKnobs } from "../../breaker/circuitKnobs.ts";
import type { MeasuredWindow } from "../../monitor/metricsReader.ts";
import type { NumberKnob } from "../knobs/knob.ts";
import { countOf, shareMeasure, totalOf } from "./measures.ts";
import type { OptimizerRule, Proposal, RuleContext } from "./optimizerRule.ts";

/** So many of a circuit's calls must have been lost to our own limits. */
const troubled = 0.1;
/** Fewer calls say nothing. */
const fewestCalls = 100;
/** So many of the failures must be our own timeouts, or it is the dependency that is ill. */
const mostlyOurs = 0.8;
/** So many of the calls must come back, or nothing speaks for waiting longer. */
const fewestAnswers = 0.5;
/** Where the typical answer takes less than this share of the limit, the slow ones are another trouble than the limit. */
const nearLimit = 0.4;

/** What was seen of one circuit, or of the questions that healing has for a model. */
interface Seen {
  readonly name: string;
  /** What its calls are measured as, and its counters begin with. */
  readonly operation: string;
  /** How long a call may take. */
  readonly limit: NumberKnob;
  readonly calls: number;
  readonly failures: number;
  readonly timeouts: number;
  readonly shed: number;
  readonly trips: number;
}

/**
 * A circuit that trips though its dependency is well: what fails are calls that we cut off, and those that come back do so
 * close to the limit. Then the limit is too tight. Where it trips after a handful of calls, it is quick to judge.
 */
export const tripRate: OptimizerRule = {
  name: "trip-rate",
  summary: "Calls are lost to a circuit's own limits though the dependency is well",

  async propose(context) {
    const [circuits, advisor] = await Promise.all(
      ["circuit.", "ai.advisor"].map((prefix) => context.metrics.read(context.window, prefix)),
    );
    return [
      ...circuitsOf(circuits!).flatMap((seen) =>
        longerTimeout(seen, circuits!, context) ?? laterTrip(seen, context) ?? []
      ),
      ...[longerTimeout(advisorIn(advisor!), advisor!, context)].filter((one) => one !== undefined),
    ];
  },

  shadow({ knob, expected }) {
    // The past has no answers slower than the limit was: all that can be told is what the tail lets expect.
    const isPromising = expected.after < expected.before;
    return Promise.resolve({ isPromising, findings: { knob: knob.name, failuresExpected: round(expected.after) } });
  },

  measureOf(knob, { metrics }) {
    if (knob === advisorDeadlineKnob.name) {
      const counters = { of: "ai.advisor.failures", among: ["ai.advisor.calls"], prefix: "ai.advisor." };
      return shareMeasure(metrics, "failures per question to a model", counters);
    }
    const name = knob.slice("circuit.".length, knob.lastIndexOf("."));
    const prefix = `circuit.${name}.`;
    const [calls, failures, shed] = [`${prefix}calls`, `${prefix}failures`, `${prefix}shed`];
    return knob.endsWith(".timeout")
      ? shareMeasure(metrics, `failures per call of ${name}`, { of: failures, among: [calls], prefix })
      : shareMeasure(metrics, `calls kept away of all of ${name}`, { of: shed, among: [calls, shed], prefix });
  },
};

function circuitsOf(window: MeasuredWindow): Seen[] {
  const names = new Set<string>();
  for (const counter of window.counters.keys()) {
    const [, name] = /^circuit\.(.+)\.calls$/.exec(counter) ?? [];
    if (name !== undefined) names.add(name);
  }
  return [...names].sort().map((name) =>
    seenOf(window, name, `circuit.${name}`, circuitKnobs.timeout!.knob(`circuit.${name}.timeout`) as NumberKnob)
  );
}

/** What healing asks a model has a limit of its own, shorter than that of the circuit which its failures trip. */
function advisorIn(window: MeasuredWindow): Seen {
  return seenOf(window, "the advisor", "ai.advisor", advisorDeadlineKnob);
}

function seenOf(window: MeasuredWindow, name: string, operation: string, limit: NumberKnob): Seen {
  const of = (what: string) => countOf(window, `${operation}.${what}`);
  const [calls, failures, timeouts] = [of("calls"), of("failures"), of("timeouts")];
  return { name, operation, limit, calls, failures, timeouts, shed: of("shed"), trips: of("trips") };
}

function longerTimeout(seen: Seen, window: MeasuredWindow, { knobs }: RuleContext): Proposal | undefined {
  const { name, operation, limit: knob, calls, failures, timeouts, shed, trips } = seen;
  const lost = (timeouts + shed) / (calls + shed);
  const late = timeouts / calls;
  if (calls < fewestCalls || !(lost > troubled) || timeouts < mostlyOurs * failures || late > 1 - fewestAnswers) return;
  const limitMs = knobs.read(knob);
  const typicalMs = typicalAnswerMs(window, operation, late);
  // Its code sets another limit than the knob's: turning the knob would change nothing.
  const isOurs = Math.abs(totalOf(window, operation).maxMs - limitMs) <= 0.25 * limitMs;
  if (!isOurs || typicalMs < nearLimit * limitMs) return;
  const wanted = Math.round(limitMs * 2);
  if (limitMs >= knob.highest) return;
  const before = failures / calls;
  // A tail that falls off evenly: twice the limit squares what is beyond it. It may fall off slower, up to not at all.
  const after = (failures - timeouts) / calls + late ** 2;
  return {
    knob,
    after: wanted,
    evidence: {
      ...{ circuit: name, calls, failures, timeouts, keptAway: shed, trips },
      ...{ lostShare: round(lost), limitMs, typicalAnswerMs: Math.round(typicalMs) },
    },
    expected: { before, after, lower: 0, upper: before * 0.9 },
  };
}

/** Few calls, most of them well, and yet it opens: it judges by too little. */
function laterTrip(seen: Seen, { knobs }: RuleContext): Proposal | undefined {
  const { name, calls, failures, shed, trips } = seen;
  if (trips < 3 || failures / Math.max(1, calls) > 0.3 || shed / (calls + shed) < troubled) return;
  const knob = circuitKnobs.failureThreshold!.knob(`circuit.${name}.failureThreshold`);
  const threshold = knobs.read(knob) as number;
  if (failures / trips > 3 * threshold) return; // Each time it had reason enough.
  const before = shed / (calls + shed);
  return {
    knob,
    after: threshold * 2,
    evidence: { circuit: name, calls, failures, keptAway: shed, trips, threshold },
    expected: { before, after: before / 2, lower: 0, upper: before * 0.9 },
  };
}

/** The median of the calls that came back: the late ones are the slowest of all. */
function typicalAnswerMs(window: MeasuredWindow, of: string, late: number): number {
  const series = window.series.filter(({ operation, count }) => operation === of && count > 0);
  const all = series.reduce((sum, { count }) => sum + count, 0);
  return series.reduce((sum, one) => sum + one.quantileMs((1 - late) / 2) * one.count / all, 0);
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
