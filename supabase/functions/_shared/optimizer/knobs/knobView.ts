import { SnapshotCache } from "../../cache/snapshotCache.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { Clock } from "../../time/clock.ts";
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
 * One isolate's view of the knobs, a {@link SnapshotCache} of all of them. Reading one is at once: what was last known serves,
 * defaults until then, and behind the reader's back the source is asked at most once a second while knobs are read.
 */
export class KnobView implements KnobReader {
  readonly #parts: KnobViewParts;
  readonly #refreshMs: number;
  #snapshots: SnapshotCache<readonly TunedValue[]> | undefined;
  #isSourceMade = false;
  #known: readonly TunedValue[] | undefined;
  #values: ReadonlyMap<string, unknown> = new Map();
  #trials: readonly string[] = [];
  #reading: Promise<void> | undefined;
  #freshUntilMs = -Infinity;
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
    const snapshots = this.#opened();
    if (snapshots === undefined) return Promise.resolve();
    if (this.#reading === undefined) snapshots.expire();
    return this.#reading ??= this.#look(snapshots);
  }

  #touch(): void {
    if (this.#reading !== undefined || this.#parts.clock.monotonic() < this.#freshUntilMs) return;
    void this.refresh();
  }

  #opened(): SnapshotCache<readonly TunedValue[]> | undefined {
    if (this.#isSourceMade) return this.#snapshots;
    const { source, clock, log, answerLimitMs = 3_000 } = this.#parts;
    const read = source();
    this.#isSourceMade = true;
    if (read === undefined) this.#freshUntilMs = Infinity;
    else {
      this.#snapshots = new SnapshotCache(read, {
        clock,
        what: "knobs",
        maxAgeMs: this.#refreshMs,
        readLimitMs: answerLimitMs,
        onFailing: (error) => log.warn("Knobs cannot be read; they stay as last known", { error: String(error) }),
        onBack: () => log.info("Knobs can be read again"),
      });
    }
    return this.#snapshots;
  }

  async #look(snapshots: SnapshotCache<readonly TunedValue[]>): Promise<void> {
    const { clock, isolate } = this.#parts;
    this.#freshUntilMs = clock.monotonic() + this.#refreshMs;
    const { value: known } = await snapshots.snapshot();
    this.#reading = undefined;
    if (known === undefined || known === this.#known) return;
    const id = isolate();
    this.#known = known;
    this.#values = new Map(known.map((tuned) => [tuned.name, valueOn(tuned, id)]));
    this.#trials = known.flatMap(({ trial }) => trial !== undefined && isTreated(trial, id) ? [trial.id] : []);
  }

  #tellNonsense({ name, defaultValue }: Knob, value: unknown): void {
    if (this.#told.get(name) === value) return;
    if (this.#told.size >= 1_000) this.#told.clear();
    this.#told.set(name, value);
    this.#parts.log.warn("A knob keeps its default as its row makes no sense", { knob: name, value, defaultValue });
  }
}
