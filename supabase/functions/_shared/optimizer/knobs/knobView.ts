import type { Logger } from "../../telemetry/logger.ts";
import type { Clock } from "../../time/clock.ts";
import { timeLimit } from "../../time/timeLimit.ts";
import { isWithinBounds, type Knob, type ValueOf } from "./knob.ts";
import type { KnobReader } from "./knobReader.ts";
import { isTreated } from "./trial.ts";
import { type TunedValue, valueOn } from "./tunedValue.ts";

/** What a view is made of. */
export interface KnobViewParts {
  /** Brings all knobs that hold something else than their default. Asked for at first use; undefined: there is none. */
  readonly source: () => (() => Promise<readonly TunedValue[]>) | undefined;
  readonly isolate: () => string;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "info">;
  /** The source is read at most so often. @default 1_000 */
  readonly refreshMs?: number;
  /** A source that has not answered by then counts as lost. @default 3_000 */
  readonly answerLimitMs?: number;
}

/**
 * One isolate's view of the knobs. Reading one is at once: what was last known serves, defaults until then, and behind the
 * reader's back the source is asked at most once a second while knobs are read.
 */
export class KnobView implements KnobReader {
  readonly #parts: KnobViewParts;
  readonly #refreshMs: number;
  #read: (() => Promise<readonly TunedValue[]>) | undefined;
  #isSourceMade = false;
  #values: ReadonlyMap<string, unknown> = new Map();
  #trials: readonly string[] = [];
  #reading: Promise<void> | undefined;
  #freshUntilMs = -Infinity;
  #isLost = false;
  /** Nonsense is told once. */
  readonly #told = new Map<string, unknown>();

  constructor(parts: KnobViewParts) {
    this.#parts = parts;
    this.#refreshMs = parts.refreshMs ?? 1_000;
  }

  read<One extends Knob>(knob: One): ValueOf<One> {
    this.#touch();
    const value = this.#values.get(knob.name);
    if (value === undefined) return knob.defaultValue;
    if (isWithinBounds(knob, value)) return value as ValueOf<One>;
    this.#tellNonsense(knob, value);
    return knob.defaultValue;
  }

  /** The trials that this isolate was chosen for, as last known: by them its measurements are told apart. */
  trials(): readonly string[] {
    this.#touch();
    return this.#trials;
  }

  /** Asks the source now: for whoever wants to wait for it. Never rejects. */
  refresh(): Promise<void> {
    const read = this.#source();
    if (read === undefined) return Promise.resolve();
    return this.#reading ??= this.#ask(read);
  }

  #touch(): void {
    if (this.#parts.clock.monotonic() < this.#freshUntilMs) return;
    if (this.#reading === undefined) void this.refresh();
  }

  #source() {
    if (!this.#isSourceMade) {
      this.#read = this.#parts.source();
      this.#isSourceMade = true;
      if (this.#read === undefined) this.#freshUntilMs = Infinity;
    }
    return this.#read;
  }

  async #ask(read: () => Promise<readonly TunedValue[]>): Promise<void> {
    const { clock, log, isolate, answerLimitMs = 3_000 } = this.#parts;
    this.#freshUntilMs = clock.monotonic() + this.#refreshMs;
    try {
      const known = await timeLimit(read(), answerLimitMs, clock);
      const id = isolate();
      this.#values = new Map(known.map((tuned) => [tuned.name, valueOn(tuned, id)]));
      this.#trials = known.flatMap(({ trial }) => trial !== undefined && isTreated(trial, id) ? [trial.id] : []);
      if (this.#isLost) log.info("Knobs can be read again");
      this.#isLost = false;
    } catch (error) {
      if (!this.#isLost) log.warn("Knobs cannot be read; they stay as last known", { error: String(error) });
      this.#isLost = true;
    } finally {
      this.#reading = undefined;
    }
  }

  #tellNonsense({ name, defaultValue }: Knob, value: unknown): void {
    if (this.#told.get(name) === value) return;
    if (this.#told.size >= 1_000) this.#told.clear();
    this.#told.set(name, value);
    this.#parts.log.warn("A knob keeps its default as its row makes no sense", { knob: name, value, defaultValue });
  }
}
