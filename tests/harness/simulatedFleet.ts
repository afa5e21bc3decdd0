import { createSelfOptimizer } from "../../supabase/functions/_shared/optimizer/createSelfOptimizer.ts";
import { isWithinBounds, type Knob, type KnobValue } from "../../supabase/functions/_shared/optimizer/knobs/knob.ts";
import type { KnobReader } from "../../supabase/functions/_shared/optimizer/knobs/knobReader.ts";
import { optimizerKnobs } from "../../supabase/functions/_shared/optimizer/knobs/optimizerKnobs.ts";
import { isTreated } from "../../supabase/functions/_shared/optimizer/knobs/trial.ts";
import { valueOn } from "../../supabase/functions/_shared/optimizer/knobs/tunedValue.ts";
import type { Change } from "../../supabase/functions/_shared/optimizer/lifecycle/change.ts";
import type { TuningReport } from "../../supabase/functions/_shared/optimizer/lifecycle/runParts.ts";
import type { OptimizerRule } from "../../supabase/functions/_shared/optimizer/rules/optimizerRule.ts";
import type { Database } from "../../supabase/functions/_shared/db/database.ts";
import type { Random } from "../../supabase/functions/_shared/random/random.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { MemoryMetrics } from "./memoryMetrics.ts";
import { MemoryTuningStore } from "./memoryTuningStore.ts";
import { RecordingObserver } from "./recordingObserver.ts";

/** What an isolate does in ten minutes. */
export interface Shift {
  readonly calls: Map<string, number[]>;
  readonly counters: Map<string, number>;
}

/** How isolates do under the knobs that they see. */
export interface World {
  readonly rules: readonly OptimizerRule[];
  /** Puts down what an isolate went through. */
  work(
    shift: Shift,
    at: { readonly knobs: KnobReader; readonly number: number; readonly nowMs: number; readonly random: Random },
  ): void;
}

/** Options of a fleet. */
export interface FleetOptions {
  readonly seed: number;
  /** @default 16 */
  readonly isolates?: number;
  /** @default 86_400_000: a fleet of the tests is asked each day */
  readonly proposeEveryMs?: number;
  /** @default 172_800_000 */
  readonly cooldownMs?: number;
}

const tickMs = 600_000;
/** A fleet of the tests looks a day back: what it can be told by is plenty. */
const evidenceMs = 86_400_000;

/** Isolates under knobs, measured by trial, and the optimizer over them; hours pass in milliseconds. */
export class SimulatedFleet {
  readonly store = new MemoryTuningStore(() => this.#nowMs);
  readonly metrics = new MemoryMetrics();
  readonly observer = new RecordingObserver();
  readonly random: Random;
  readonly reports: TuningReport[] = [];
  /** Every value that a knob had on an isolate. */
  readonly seen = new Map<string, Set<unknown>>();
  #nowMs = Date.UTC(2026, 0, 5);
  #nextProposalMs: number;
  readonly #options: Required<FleetOptions>;

  constructor(readonly world: World, options: FleetOptions) {
    this.#options = { isolates: 16, proposeEveryMs: 86_400_000, cooldownMs: 172_800_000, ...options };
    this.random = seededRandom(options.seed);
    this.#nextProposalMs = this.#nowMs + tickMs;
    this.store.define(optimizerKnobs.isEnabled);
    this.store.define(optimizerKnobs.cooldownMs, this.#options.cooldownMs);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** What the fleet at large holds. */
  value(knob: Knob): KnobValue {
    return this.store.knobs.get(knob.name)?.value ?? knob.defaultValue;
  }

  /** The optimizer, as it would be after a restart. */
  optimizer(rules: readonly OptimizerRule[] = this.world.rules) {
    const { store, metrics, observer, random } = this;
    const clock = { now: () => this.#nowMs, monotonic: () => this.#nowMs, setTimer: () => () => {} };
    return createSelfOptimizer({ store, rules, metrics, observer, random, clock, evidenceMs, database: noDatabase });
  }

  /** Lets so much time pass; the optimizer runs each ten minutes, and proposes when it is time. */
  async pass(hours: number): Promise<void> {
    for (let tick = 0; tick < hours * 6; tick++) {
      this.#work();
      this.#nowMs += tickMs;
      const isWatchOnly = this.#nowMs < this.#nextProposalMs;
      if (!isWatchOnly) this.#nextProposalMs = this.#nowMs + this.#options.proposeEveryMs;
      this.reports.push(await this.optimizer().run({ isWatchOnly }));
      if (tick % 144 === 0) this.metrics.forgetBefore(this.#nowMs - 2 * evidenceMs);
    }
  }

  /** What was tried, in the order it was. */
  get tried(): Change[] {
    return this.store.changes.filter(({ trialBeganAtMs }) => trialBeganAtMs !== undefined);
  }

  #work(): void {
    const tuning = this.store.tuning();
    const byName = new Map(tuning.map((tuned) => [tuned.name, tuned]));
    for (let number = 0; number < this.#options.isolates; number++) {
      const isolate = `${this.#options.seed}:${number}`;
      const knobs: KnobReader = {
        read: (knob) => {
          const tuned = byName.get(knob.name);
          const value = tuned && valueOn(tuned, isolate);
          const held = value !== undefined && isWithinBounds(knob, value) ? value : knob.defaultValue;
          const seen = this.seen.get(knob.name) ?? new Set();
          this.seen.set(knob.name, seen.add(value ?? held));
          return held as typeof knob.defaultValue;
        },
      };
      const shift: Shift = { calls: new Map(), counters: new Map() };
      this.world.work(shift, { knobs, number, nowMs: this.#nowMs, random: this.random });
      const trials = new Set(
        tuning.flatMap(({ trial }) => trial !== undefined && isTreated(trial, isolate) ? [trial.id] : []),
      );
      this.metrics.add({ atMs: this.#nowMs, isolate, trials, ...shift });
    }
  }
}

const refuse = () => Promise.reject(new Error("Cannot query as the simulated fleet has no database"));
const noDatabase: Database = { sql: refuse, call: refuse, transaction: refuse };

/** Normally distributed around zero (Box and Muller). */
export function noise(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** What was expected of each change beside what came, as lines of a table. */
export function effectTable(changes: readonly Change[]): string {
  const brief = (value: number | undefined) => value === undefined ? "-" : String(Number(value.toPrecision(3)));
  const rows = changes.map(({ knob, rule, state, before, after, expected, measured }) => [
    `${knob} ${before} -> ${after}`,
    rule,
    state,
    `${brief(expected.before)} -> ${brief(expected.after)} (${brief(expected.lower)} to ${brief(expected.upper)})`,
    measured === undefined
      ? "nothing"
      : `${brief(measured.rest)} -> ${brief(measured.treated)} (difference ${brief(measured.lower)} to ${
        brief(measured.upper)
      })`,
  ]);
  const all = [["change", "rule", "became", "expected", "measured"], ...rows];
  const widths = all[0]!.map((_, at) => Math.max(...all.map((row) => row[at]!.length)));
  return all.map((row) => row.map((cell, at) => cell.padEnd(widths[at]!)).join(" | ").trimEnd()).join("\n");
}
