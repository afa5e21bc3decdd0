import type { Logger } from "../../telemetry/logger.ts";
import type { Clock } from "../../time/clock.ts";
import { type CoarseTimer, coarseTimer } from "../../time/coarseTimer.ts";
import { timeLimit } from "../../time/timeLimit.ts";
import { localTagStore } from "./localTagStore.ts";
import { TagSnapshot } from "./tagSnapshot.ts";
import type { TagStore } from "./tagStore.ts";

/** What a view is made of. */
export interface TagViewParts {
  /** Asked for at first use; undefined: there is none, and tags are dropped in this isolate alone. */
  readonly store: () => TagStore | undefined;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "info">;
  /** The store is read at most so often, for all caches together. @default 1_000 */
  readonly lookEveryMs?: number;
  /** A look that begins so soon after its time holds nobody up: what is cached is given meanwhile. @default 50 */
  readonly promptMs?: number;
  /** A look that takes longer counts as failed. @default 300 */
  readonly lookLimitMs?: number;
  /** So many drops are read and remembered at most; with more of them all that was cached before is doubted. @default 1_000 */
  readonly mostDrops?: number;
}

/** Hears which tags were newly dropped; undefined: more than can be told, so whatever has tags is to go. */
export type DropListener = (tags: ReadonlySet<string> | undefined) => void;

/** Own drops of a tag that are remembered one by one until a look has told of them. */
const mostOwn = 16;

type Drop = readonly [tag: string, xid: bigint];

/**
 * One isolate's view of dropped tags: one read for all caches, at most once a second and only while one that has tags is
 * used. What is cached carries the snapshot of the last look before it was loaded: it is out of date once one of its tags
 * was dropped by a transaction that this snapshot has not seen.
 */
export class TagView {
  readonly #parts: Required<TagViewParts>;
  readonly #timer: CoarseTimer;
  readonly #listeners = new Set<DropListener>();
  /** The transactions that dropped a tag: the last that a look has told, and this isolate's own since. */
  #drops = new Map<string, readonly bigint[]>();
  /** Of transactions before it not all drops are known. */
  #knownFrom = 0n;
  #snapshot: TagSnapshot | undefined;
  #store: TagStore | undefined;
  #looking: Promise<void> | undefined;
  /** The look that counts. One sent before it is not heeded: what it has read may be older than what is known. */
  #lookNumber = 0;
  #lookSentAtMs = -Infinity;
  #isHeldUp = false;
  #isLost = false;
  /** Until then nothing has to be asked: the one comparison of the healthy path. */
  freshUntilMs = -Infinity;
  /** Grows whenever a drop is learned. */
  version = 0;
  /** Grows whenever snapshots from before say nothing any more: what is being loaded then is not kept. */
  era = 0;

  constructor(parts: TagViewParts) {
    this.#parts = { lookEveryMs: 1_000, promptMs: 50, lookLimitMs: 300, mostDrops: 1_000, ...parts };
    this.#timer = coarseTimer(parts.clock);
  }

  /** What this isolate has seen by now: the stamp of what is loaded next. Undefined where nothing was ever read. */
  get snapshot(): TagSnapshot | undefined {
    return this.#snapshot;
  }

  /** Tells `listener` of drops from now on. */
  onDrops(listener: DropListener): void {
    this.#listeners.add(listener);
  }

  /** Looks where it is time to; what comes back is to be waited for before something cached is given away. */
  touch(nowMs: number = this.#timer.now()): Promise<void> | undefined {
    if (nowMs < this.freshUntilMs) return undefined;
    if (this.#looking === undefined) {
      const { lookEveryMs, promptMs } = this.#parts;
      // While the store is gone nobody waits; it is asked once a second whether it is back.
      this.#isHeldUp = !this.#isLost && nowMs - this.#lookSentAtMs > lookEveryMs + promptMs;
      this.#looking = this.#look(++this.#lookNumber, nowMs);
    }
    return this.#isHeldUp ? this.#looking : undefined;
  }

  /** Is what was cached with these tags under that snapshot as good as new, as far as is known? */
  isCurrent(tags: readonly string[], snapshot: TagSnapshot | undefined): boolean {
    if (tags.length === 0 || this.#snapshot === undefined) return true;
    if (snapshot === undefined || snapshot.xmin < this.#knownFrom) return false;
    return tags.every((tag) => this.#drops.get(tag)?.every((xid) => snapshot.sees(xid)) ?? true);
  }

  /** Drops tags everywhere: here at once, elsewhere within a look. Rejects where the others cannot be told. */
  async drop(tags: readonly string[]): Promise<void> {
    try {
      const xid = BigInt(await this.#storeNow().drop(tags));
      for (const tag of tags) this.#drops.set(tag, [...this.#drops.get(tag)?.slice(-mostOwn) ?? [], xid]);
      this.#trim();
    } catch (error) {
      this.era++;
      throw error;
    } finally {
      // What is loaded from now on is to be stamped by a look that has seen the drop.
      this.freshUntilMs = this.#lookSentAtMs = -Infinity;
      this.#looking = undefined;
      this.#lookNumber++;
      this.#tell(new Set(tags));
    }
  }

  #storeNow(): TagStore {
    return this.#store ??= this.#parts.store() ?? localTagStore();
  }

  async #look(number: number, sentAtMs: number): Promise<void> {
    const { clock, log, lookEveryMs, lookLimitMs, mostDrops } = this.#parts;
    try {
      const reading = this.#storeNow().read(this.#snapshot?.xmin.toString(), mostDrops + 1);
      const { snapshot, drops } = await timeLimit(reading, lookLimitMs, clock);
      if (number !== this.#lookNumber) return;
      this.#heed(new TagSnapshot(snapshot), drops.map(([tag, xid]) => [tag, BigInt(xid)]));
      if (this.#isLost) log.info("Dropped tags of caches can be read again");
      this.#isLost = false;
    } catch (error) {
      if (number !== this.#lookNumber) return;
      if (!this.#isLost) {
        log.warn("Dropped tags of caches cannot be read: what is cached serves until its time is up", {
          error: String(error),
        });
      }
      this.#isLost = true;
    }
    this.#lookSentAtMs = sentAtMs;
    this.freshUntilMs = sentAtMs + lookEveryMs;
    this.#looking = undefined;
  }

  #heed(seen: TagSnapshot, drops: readonly Drop[]): void {
    const { mostDrops } = this.#parts;
    const before = this.#snapshot;
    // Looks follow each other. One that has seen less says that the database was put back to what it was.
    const isPutBack = before !== undefined && seen.xmax < before.xmax;
    if (isPutBack) {
      this.#drops = new Map();
      this.#knownFrom = seen.xmax;
    }
    this.#snapshot = seen;
    const isCut = drops.length > mostDrops;
    if (isCut) this.#knownFrom = max(this.#knownFrom, drops.at(-1)![1] + 1n);
    const news = drops.filter(([tag, xid]) => this.#drops.get(tag)?.includes(xid) !== true).map(([tag]) => tag);
    this.#learn(drops);
    if (before === undefined || isCut || isPutBack) {
      this.era++;
      this.#tell(undefined);
    } else if (news.length > 0) {
      this.#tell(new Set(news));
    }
  }

  /** Of those who dropped a tag, each has waited for the one before: who sees the last has seen all. */
  #learn(drops: readonly Drop[]): void {
    for (const [tag, xid] of drops) this.#drops.set(tag, [xid]);
    this.#trim();
  }

  #trim(): void {
    const { mostDrops } = this.#parts;
    if (this.#drops.size <= 2 * mostDrops) return;
    const latestFirst = [...this.#drops].sort(([, one], [, other]) => one.at(-1)! < other.at(-1)! ? 1 : -1);
    this.#knownFrom = max(this.#knownFrom, latestFirst[mostDrops]![1].at(-1)! + 1n);
    this.#drops = new Map(latestFirst.slice(0, mostDrops));
  }

  #tell(tags: ReadonlySet<string> | undefined): void {
    this.version++;
    for (const listener of this.#listeners) listener(tags);
  }
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
