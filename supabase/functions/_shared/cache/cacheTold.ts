import type { KernelObserver } from "../telemetry/kernelObserver.ts";

/** Dropped tags that are told one by one; the others together. */
const mostTold = 20;

/** What one cache tells of itself: `cache.<name>.hit` and its kin. */
export class CacheTold {
  readonly #observer: KernelObserver;
  readonly #name: string;
  readonly #hit: string;
  readonly #load: string;

  constructor(observer: KernelObserver, name: string) {
    this.#observer = observer;
    this.#name = name;
    this.#hit = `cache.${name}.hit`;
    this.#load = `cache.${name}.load`;
  }

  hit(): void {
    this.#observer.counted(this.#hit);
  }

  counted(what: "miss" | "stale" | "coalesced" | "redis_hit" | "evicted"): void {
    this.#observer.counted(`cache.${this.#name}.${what}`);
  }

  loaded(durationMs: number, hasFailed: boolean): void {
    this.#observer.called(this.#load, durationMs, hasFailed);
  }

  /** Entries by the tag that took them; those under `undefined` went for other reasons. */
  dropped(entries: ReadonlyMap<string | undefined, number>): void {
    let [all, untold] = [0, 0];
    let told = 0;
    for (const [tag, number] of entries) {
      all += number;
      if (tag === undefined || ++told > mostTold) untold += number;
      else this.#happened(number, tag);
    }
    if (untold > 0) this.#happened(untold, undefined);
    if (all > 0) this.#observer.counted(`cache.${this.#name}.invalidated`, all);
  }

  #happened(entries: number, tag: string | undefined): void {
    const cause = tag === undefined ? {} : { cause: `tag:${tag}` as const };
    this.#observer.happened({ kind: "invalidation", subject: this.#name, ...cause, detail: { entries } });
  }
}
