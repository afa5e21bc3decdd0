import { coalesce } from "../policies/coalesce.ts";
import type { KeyedPolicy } from "../policies/definePolicy.ts";
import type { CacheTold } from "./cacheTold.ts";
import type { TagView } from "./tags/tagView.ts";

/** A load that is under way. */
export interface CacheRun {
  readonly number: number;
  readonly beganAtMs: number;
  readonly isTagged: boolean;
  /** What was known of drops when it began. */
  readonly tagVersion: number;
  readonly era: number;
  /** Its key was dropped meanwhile: what it brings is for those who had asked before. */
  isVoid: boolean;
}

/** How a load is joined. */
export interface JoinOptions {
  readonly nowMs: number;
  /** A load that began longer ago would bring what is past its time. */
  readonly ttlMs: number;
  readonly isTagged: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The loads of one cache that are under way: one for all who ask for the same at the same time. */
export class CacheLoads {
  readonly #runs = new Map<string, CacheRun>();
  readonly #flights: KeyedPolicy = coalesce();
  readonly #view: TagView;
  readonly #told: CacheTold;
  #lastRun = 0;

  constructor(view: TagView, told: CacheTold) {
    this.#view = view;
    this.#told = told;
  }

  has(key: string): boolean {
    return this.#runs.has(key);
  }

  /** Nobody joins the load of this key any more, and it is not to be kept. */
  forget(key: string): void {
    const run = this.#runs.get(key);
    if (run !== undefined) run.isVoid = true;
    this.#runs.delete(key);
  }

  /** Joins the load that is under way, or begins one with `work`. */
  join<Result>(
    key: string,
    options: JoinOptions,
    work: (run: CacheRun, call: { readonly signal: AbortSignal }) => Promise<Result>,
  ): Promise<Result> {
    const known = this.#runs.get(key);
    const isJoined = known !== undefined && this.#mayJoin(known, options);
    this.#told.counted(isJoined ? "coalesced" : "miss");
    const run = isJoined ? known : this.#begin(key, options);
    const { signal } = options;
    return this.#flights.execute(async (call) => {
      try {
        return await work(run, call);
      } finally {
        if (this.#runs.get(key) === run) this.#runs.delete(key);
      }
    }, { key: String(run.number), ...(signal && { signal }) });
  }

  #begin(key: string, { nowMs, isTagged }: JoinOptions): CacheRun {
    const { version: tagVersion, era } = this.#view;
    const run = { number: ++this.#lastRun, beganAtMs: nowMs, isTagged, tagVersion, era, isVoid: false };
    this.#runs.set(key, run);
    return run;
  }

  /** Whoever asks after a drop was learned, or when a value from then would be past its time, gets one loaded since. */
  #mayJoin(run: CacheRun, { nowMs, ttlMs, isTagged }: JoinOptions): boolean {
    const isOfNow = !(isTagged || run.isTagged) || run.tagVersion === this.#view.version;
    return isOfNow && nowMs - run.beganAtMs < ttlMs;
  }
}
