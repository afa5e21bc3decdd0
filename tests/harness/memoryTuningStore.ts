import { isWithinBounds, type Knob, type KnobValue } from "../../supabase/functions/_shared/optimizer/knobs/knob.ts";
import type { StoredKnob } from "../../supabase/functions/_shared/optimizer/knobs/storedKnob.ts";
import type { TunedValue } from "../../supabase/functions/_shared/optimizer/knobs/tunedValue.ts";
import type { Change } from "../../supabase/functions/_shared/optimizer/lifecycle/change.ts";
import type {
  StepAnswer,
  TuningState,
  TuningStore,
  Veto,
} from "../../supabase/functions/_shared/optimizer/lifecycle/tuningStore.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** A store of changes for tests of fleets that run in one process, with a clock of its own. */
export class MemoryTuningStore implements TuningStore {
  readonly knobs = new Map<string, Mutable<StoredKnob>>();
  readonly changes: Mutable<Change>[] = [];
  readonly vetoes: Veto[] = [];
  readonly #rowValues = new Map<string, KnobValue | undefined>();
  /** Stands between a call and its answer: a test throws there. */
  reach: (method: string) => void = () => {};

  constructor(readonly nowMs: () => number) {}

  /** What isolates read. */
  tuning(): TunedValue[] {
    if (this.knobs.get("optimizer.is_enabled")?.value === false) {
      return [...this.knobs.values()].map(({ name, value }) => ({ name, value }));
    }
    return [...this.knobs.values()].map(({ name, value, trial }) => ({
      name,
      value,
      ...(trial === undefined || trial.untilMs <= this.nowMs() ? {} : { trial }),
    }));
  }

  read(): Promise<TuningState> {
    const open = this.changes.filter(({ endedAtMs }) => endedAtMs === undefined);
    const past = this.changes.filter(({ endedAtMs, state }) => endedAtMs !== undefined && state !== "refused")
      .reverse();
    const knobs = new Map([...this.knobs].map(([name, knob]) => [name, { ...knob }]));
    const copy = (changes: readonly Change[]) => changes.map((change) => ({ ...change }));
    return this.#step("read", () => ({
      nowMs: this.nowMs(),
      knobs,
      open: copy(open),
      past: copy(past),
      vetoes: [...this.vetoes],
    }));
  }

  propose(...[draft, note]: Parameters<TuningStore["propose"]>) {
    return this.#step("propose", (): { answer: StepAnswer; id: string | undefined } => {
      const { knob, ...rest } = draft;
      const known = this.knobs.get(knob.name);
      const holds = known?.value === undefined || isWithinBounds(knob, known.value);
      if (!holds || !isWithinBounds(knob, draft.after)) return { answer: "refused", id: undefined };
      if (known === undefined) this.define(knob);
      else known.knob = knob;
      if (this.changes.some((change) => change.knob === knob.name && change.endedAtMs === undefined)) {
        return { answer: "busy", id: undefined };
      }
      const id = String(this.changes.length + 1);
      this.changes.push({
        ...{ ...rest, id, knob: knob.name, state: "proposed", windows: 0, reason: note.reason, decidedBy: note.by },
        proposedAtMs: this.nowMs(),
      });
      return { answer: "done", id };
    });
  }

  refuse(...[draft, note]: Parameters<TuningStore["refuse"]>): Promise<void> {
    return this.#step("refuse", () => {
      const atMs = this.nowMs();
      this.changes.push({
        ...{ ...draft, id: String(this.changes.length + 1), knob: draft.knob.name, state: "refused", windows: 0 },
        ...{ reason: note.reason, decidedBy: note.by, proposedAtMs: atMs, endedAtMs: atMs },
      });
    });
  }

  shadow(...[id, findings, isPromising, note]: Parameters<TuningStore["shadow"]>) {
    return this.#step("shadow", (): StepAnswer => {
      const change = this.#find(id, "proposed");
      if (change === undefined) return "moved";
      Object.assign(change, { shadow: findings, state: isPromising ? "shadowed" : "abandoned", reason: note.reason });
      if (!isPromising) change.endedAtMs = this.nowMs();
      return "done";
    });
  }

  beginTrial(...[id, how, note]: Parameters<TuningStore["beginTrial"]>) {
    return this.#step("beginTrial", (): StepAnswer => {
      const change = this.#find(id, "shadowed");
      const knob = change && this.knobs.get(change.knob);
      if (change === undefined || knob === undefined) return "moved";
      if (this.knobs.get("optimizer.is_enabled")?.value === false) return "stopped";
      if (knob.pin !== undefined) return "pinned";
      if (!knob.isTunable) return "opted_out";
      if ((knob.value ?? knob.knob?.defaultValue) !== change.before) return "changed";
      if ([...this.knobs.values()].filter(({ trial }) => trial !== undefined).length >= how.limit) return "crowded";
      const atMs = this.nowMs();
      const { share, windowMs } = how;
      this.#rowValues.set(id, knob.value);
      knob.trial = { id, value: change.before, share, untilMs: atMs + 1.5 * windowMs };
      Object.assign(change, { state: "on_trial", share, windowMs, reason: note.reason });
      Object.assign(change, { leadBeganAtMs: atMs, windowEndsAtMs: atMs + windowMs });
      return "done";
    });
  }

  startTrial(...[id, note]: Parameters<TuningStore["startTrial"]>) {
    return this.#step("startTrial", (): StepAnswer => {
      const change = this.#find(id, "on_trial");
      const knob = change && this.knobs.get(change.knob);
      if (change?.windows !== 0 || knob?.trial === undefined) return "moved";
      const atMs = this.nowMs();
      knob.trial = { ...knob.trial, value: change.after, untilMs: atMs + 2.5 * change.windowMs! };
      Object.assign(change, { windows: 1, reason: note.reason, trialBeganAtMs: atMs });
      change.windowEndsAtMs = atMs + change.windowMs!;
      return "done";
    });
  }

  extendTrial(...[id, measured, note]: Parameters<TuningStore["extendTrial"]>) {
    return this.#step("extendTrial", (): StepAnswer => {
      const change = this.#find(id, "on_trial");
      const knob = change && this.knobs.get(change.knob);
      if (change?.windows !== 1 || knob?.trial === undefined) return "moved";
      const windowEndsAtMs = this.nowMs() + change.windowMs!;
      knob.trial = { ...knob.trial, untilMs: windowEndsAtMs + 0.5 * change.windowMs! };
      Object.assign(change, { windows: 2, measured, windowEndsAtMs, reason: note.reason });
      return "done";
    });
  }

  end(...[id, state, measured, note]: Parameters<TuningStore["end"]>) {
    return this.#step("end", (): StepAnswer => {
      const change = this.#find(id, "proposed", "shadowed", "on_trial");
      const knob = change && this.knobs.get(change.knob);
      if (change === undefined || (state === "kept" && (knob?.trial?.id !== id || change.windows === 0))) {
        return "moved";
      }
      const atMs = this.nowMs();
      Object.assign(change, { state, measured: measured ?? change.measured, reason: note.reason });
      if (state === "kept") Object.assign(change, { keptAtMs: atMs, guardEndsAtMs: atMs + change.windowMs! });
      else change.endedAtMs = atMs;
      if (knob?.trial?.id === id) {
        knob.trial = undefined;
        if (state === "kept") knob.value = change.after;
      }
      return "done";
    });
  }

  closeGuard(...[id, isWorse, guard, note]: Parameters<TuningStore["closeGuard"]>) {
    return this.#step("closeGuard", (): StepAnswer => {
      const change = this.#find(id, "kept");
      if (change === undefined || change.guardedAtMs !== undefined) return "moved";
      const atMs = this.nowMs();
      Object.assign(change, { guard, guardedAtMs: atMs, endedAtMs: atMs, reason: note.reason });
      if (isWorse) {
        change.state = "reverted";
        const knob = this.knobs.get(change.knob);
        if (knob?.value === change.after) knob.value = this.#rowValues.get(id);
      }
      return "done";
    });
  }

  /** Lays down a knob's row. */
  define(knob: Knob, value?: KnobValue): void {
    const { name } = knob;
    this.knobs.set(name, { name, knob, value, isTunable: true, areBoundsByHand: false, updatedAtMs: this.nowMs() });
  }

  #find(id: string, ...states: Change["state"][]): Mutable<Change> | undefined {
    return this.changes.find((change) => change.id === id && states.includes(change.state));
  }

  async #step<Answer>(method: string, take: () => Answer): Promise<Answer> {
    this.reach(method);
    return await Promise.resolve(take());
  }
}
