import { unlessAborted } from "../db/unlessAborted.ts";
import type { KnobReader } from "../optimizer/knobs/knobReader.ts";
import type { Random } from "../random/random.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import type { Clock } from "../time/clock.ts";
import { type CoarseTimer, coarseTimer } from "../time/coarseTimer.ts";
import { timeLimit } from "../time/timeLimit.ts";
import { BoundedMap } from "./boundedMap.ts";
import { type CacheDefinition, longestCachedMs } from "./cacheDefinition.ts";
import type { CacheCallOptions, CacheEntry, CacheLoad, Found } from "./cacheEntry.ts";
import { CacheLoads, type CacheRun } from "./cacheLoads.ts";
import { CacheTold } from "./cacheTold.ts";
import type { RedisLevel } from "./redis/redisLevel.ts";
import { RedisSeat } from "./redis/redisSeat.ts";
import { roughBytes } from "./roughBytes.ts";
import { checkTags } from "./tags/checkTags.ts";
import type { TagView } from "./tags/tagView.ts";

/** What the caches of an isolate share. */
export interface LayeredCacheParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: KernelObserver;
  readonly knobs: KnobReader;
  readonly tags: TagView;
  /** The second level; undefined: there is none. */
  readonly redis: RedisLevel | undefined;
  /** Keeps the isolate alive for what nobody waits for. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** What comes of a load. */
interface Loaded<Value> {
  readonly entry: CacheEntry<Value>;
  readonly from: "redis" | "source";
}

/** Memory, then Redis, then the source. What it is given as keys are texts that say whose they are. */
export class LayeredCache<Value> {
  readonly #definition: CacheDefinition<Value>;
  readonly #parts: LayeredCacheParts;
  readonly #timer: CoarseTimer;
  readonly #view: TagView;
  readonly #told: CacheTold;
  readonly #entries: BoundedMap<string, CacheEntry<Value>>;
  readonly #loads: CacheLoads;
  readonly #seat: RedisSeat<Value> | undefined;

  constructor(definition: CacheDefinition<Value>, parts: LayeredCacheParts) {
    const { name, maxEntries, maxBytes, bytesOf = roughBytes, codec, leaseWaitMs } = definition;
    const { clock, random, redis: level } = parts;
    this.#definition = definition;
    this.#parts = parts;
    this.#timer = coarseTimer(clock);
    this.#view = parts.tags;
    this.#told = new CacheTold(parts.observer, name);
    this.#loads = new CacheLoads(this.#view, this.#told);
    this.#entries = new BoundedMap(maxEntries, {
      maxWeight: maxBytes,
      weightOf: ({ value }, key) => bytesOf(value) + 2 * key.length,
      onEvict: () => this.#told.counted("evicted"),
    });
    this.#view.onDrops((tags) => this.#heedDrops(tags));
    if (codec === undefined || level === undefined) return;
    const isNew = (entry: CacheEntry<Value>) =>
      this.#view.isCurrent(entry.tags, entry.stamp) && clock.monotonic() - entry.loadedAtMs < this.#ttlMs(entry);
    this.#seat = new RedisSeat({ level, cacheName: name, codec, clock, random, isNew, leaseWaitMs });
  }

  /** How many entries are in memory. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value: cached, or loaded now. */
  get(key: string, load: CacheLoad<Value>, options: CacheCallOptions): Promise<Value> {
    const entry = this.#newInMemory(key, this.#timer.now());
    if (entry === undefined) return this.#find(key, load, options).then(valueOf);
    this.#told.hit();
    return Promise.resolve(entry.value);
  }

  /** The value, and how old it is. */
  find(key: string, load: CacheLoad<Value>, options: CacheCallOptions): Promise<Found<Value>> {
    const now = this.#timer.now();
    const entry = this.#newInMemory(key, now);
    if (entry === undefined) return this.#find(key, load, options);
    this.#told.hit();
    return Promise.resolve(foundOf(entry, now, false, "memory"));
  }

  /** What memory holds of it that is new, without asking anybody. */
  peek(key: string): Found<Value> | undefined {
    const now = this.#timer.now();
    const entry = this.#newInMemory(key, now);
    return entry && foundOf(entry, now, false, "memory");
  }

  /** Forgets a value here and in Redis; other isolates keep theirs until its time is up. */
  async drop(key: string): Promise<void> {
    this.#loads.forget(key);
    if (this.#entries.delete(key)) this.#told.dropped(new Map([[undefined, 1]]));
    await this.#seat?.drop(key);
  }

  /** Counts a value as past its time: it is loaded anew when it is next asked for, and serves where that fails. */
  expire(key: string): void {
    this.#loads.forget(key);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.isExpired = true;
    entry.retryAtMs = -Infinity;
  }

  /** The healthy path: no round trip, no allocation, and the clock, which is the dearest of it, is read once. */
  #newInMemory(key: string, now: number): CacheEntry<Value> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.isExpired) return undefined;
    if (now - entry.loadedAtMs >= this.#ttlMs(entry)) return undefined;
    return entry.tags.length === 0 || now < this.#view.freshUntilMs ? entry : undefined;
  }

  async #find(key: string, load: CacheLoad<Value>, options: CacheCallOptions): Promise<Found<Value>> {
    const { signal, tags = [] } = options;
    signal?.throwIfAborted();
    checkTags(tags);
    const isTagged = tags.length > 0 || this.#definition.tagsOf !== undefined || hasTags(this.#entries.get(key));
    const looking = isTagged ? this.#view.touch(this.#timer.now()) : undefined;
    if (looking !== undefined) await unlessAborted(looking, signal);
    const entry = this.#entries.get(key); // The look may have dropped it.
    if (entry !== undefined) {
      const { staleWhileRevalidateMs } = this.#definition;
      const now = this.#timer.now();
      const pastMs = now - entry.loadedAtMs - this.#ttlMs(entry);
      if (pastMs < 0 && !entry.isExpired) {
        this.#told.hit();
        return foundOf(entry, now, false, "memory");
      }
      const isWaiting = now < entry.retryAtMs;
      const isSoon = pastMs < staleWhileRevalidateMs && !entry.isExpired;
      if (isSoon || (isWaiting && this.#serves(entry, now))) {
        if (!isWaiting && !this.#loads.has(key)) this.#refresh(key, load, tags, isTagged, entry);
        this.#told.counted("stale");
        return foundOf(entry, now, true, "memory");
      }
    }
    return await this.#wait(key, load, tags, isTagged, signal);
  }

  /** Loads behind the caller's back. */
  #refresh(key: string, load: CacheLoad<Value>, tags: readonly string[], isTagged: boolean, entry: CacheEntry<Value>) {
    const loading = this.#join(key, load, tags, isTagged, undefined);
    const beganAtMs = this.#timer.now();
    this.#parts.waitUntil(loading.catch(() => this.#pause(entry, beganAtMs)));
  }

  /** Waits for the source; where it fails, or is too slow, what is stale serves. */
  async #wait(
    key: string,
    load: CacheLoad<Value>,
    tags: readonly string[],
    isTagged: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Found<Value>> {
    const { patienceMs } = this.#definition;
    const staleBefore = this.#staleNow(key);
    const beganAtMs = this.#timer.now();
    try {
      const loading = this.#join(key, load, tags, isTagged, signal);
      const isPatient = staleBefore === undefined || patienceMs === Infinity;
      const { entry, from } = await (isPatient ? loading : timeLimit(loading, patienceMs, this.#parts.clock));
      return foundOf(entry, this.#timer.now(), false, from);
    } catch (error) {
      const stale = this.#staleNow(key); // It may be one that the load has found in Redis.
      if (stale === undefined || signal?.aborted) throw error;
      this.#pause(stale, beganAtMs);
      this.#told.counted("stale");
      return foundOf(stale, this.#timer.now(), true, "memory");
    }
  }

  #staleNow(key: string): CacheEntry<Value> | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.#serves(entry, this.#timer.now()) ? entry : undefined;
  }

  /** Would it do if the source failed? */
  #serves(entry: CacheEntry<Value>, now: number): boolean {
    const { staleIfErrorMs, staleWhileRevalidateMs } = this.#definition;
    return now - entry.loadedAtMs < this.#ttlMs(entry) + Math.max(staleIfErrorMs, staleWhileRevalidateMs);
  }

  #pause(entry: CacheEntry<Value>, beganAtMs: number): void {
    entry.retryAtMs = beganAtMs + this.#definition.retryAfterMs;
  }

  /** Joins the load that is under way, or begins one. */
  #join(
    key: string,
    load: CacheLoad<Value>,
    tags: readonly string[],
    isTagged: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Loaded<Value>> {
    const options = { nowMs: this.#timer.now(), ttlMs: this.#ttlMs(), isTagged, signal };
    return this.#loads.join(key, options, (run, call) => this.#run(key, run, load, tags, call));
  }

  async #run(
    key: string,
    run: CacheRun,
    load: CacheLoad<Value>,
    tags: readonly string[],
    call: { readonly signal: AbortSignal },
  ): Promise<Loaded<Value>> {
    const sought = await this.#seat?.seek(key, call.signal);
    if (sought?.kind === "found") {
      this.#keep(key, run, sought.entry);
      this.#told.counted("redis_hit");
      return { entry: sought.entry, from: "redis" };
    }
    // Should the source fail, it may serve.
    if (sought?.stale !== undefined && this.#entries.get(key) === undefined) this.#keep(key, run, sought.stale);
    const entry = await this.#load(key, load, tags, call, sought?.token);
    const isKept = this.#keep(key, run, entry);
    if (sought?.token !== undefined) this.#keepInRedis(key, sought.token, isKept ? entry : undefined);
    return { entry, from: "source" };
  }

  async #load(
    key: string,
    load: CacheLoad<Value>,
    tags: readonly string[],
    call: { readonly signal: AbortSignal },
    token: string | undefined,
  ): Promise<CacheEntry<Value>> {
    // Both are taken before the source is asked: a value is as old as the question.
    const [loadedAtMs, stamp] = [this.#parts.clock.monotonic(), this.#view.snapshot];
    try {
      const value = await load(call);
      const ownTags = this.#definition.tagsOf?.(value) ?? [];
      const allTags = ownTags.length === 0 ? tags : checkTags([...new Set([...tags, ...ownTags])]);
      this.#told.loaded(this.#parts.clock.monotonic() - loadedAtMs, false);
      return { value, loadedAtMs, tags: allTags, stamp, retryAtMs: -Infinity, isExpired: false };
    } catch (error) {
      // Where all who had asked have gone it has not failed.
      if (!call.signal.aborted) this.#told.loaded(this.#parts.clock.monotonic() - loadedAtMs, true);
      if (token !== undefined) this.#parts.waitUntil(this.#seat!.release(key, token));
      throw error;
    }
  }

  /** Keeps it in memory, unless it has been dropped since it was asked for, or something newer is there. */
  #keep(key: string, run: CacheRun, entry: CacheEntry<Value>): boolean {
    if (run.isVoid || (hasTags(entry) && run.era !== this.#view.era)) return false;
    if (!this.#view.isCurrent(entry.tags, entry.stamp)) return false;
    const known = this.#entries.get(key);
    if (known !== undefined && known.loadedAtMs > entry.loadedAtMs) return false;
    this.#entries.set(key, entry);
    return true;
  }

  #keepInRedis(key: string, token: string, entry: CacheEntry<Value> | undefined): void {
    if (entry === undefined) return this.#parts.waitUntil(this.#seat!.release(key, token));
    const { staleWhileRevalidateMs, staleIfErrorMs } = this.#definition;
    const lifeMs = this.#ttlMs(entry) + Math.max(staleWhileRevalidateMs, staleIfErrorMs);
    const keeping = this.#seat!.keep(key, token, entry, Math.min(lifeMs, longestCachedMs));
    this.#parts.waitUntil(keeping.catch(() => this.#seat!.release(key, token))); // What cannot be encoded stays here.
  }

  /** How long it counts as new: read each time, so that a knob reaches what is there already. */
  #ttlMs(entry?: CacheEntry<Value>): number {
    const { ttl, absentTtlMs } = this.#definition;
    if (entry !== undefined && absentTtlMs !== undefined && (entry.value ?? undefined) === undefined) {
      return absentTtlMs;
    }
    return typeof ttl === "number" ? ttl : this.#parts.knobs.read(ttl);
  }

  /** All entries are looked through, but only when something was dropped. */
  #heedDrops(tags: ReadonlySet<string> | undefined): void {
    const dropped = new Map<string | undefined, number>();
    for (const [key, entry] of this.#entries.entries()) {
      if (!hasTags(entry)) continue;
      const tag = tags === undefined ? undefined : entry.tags.find((tag) => tags.has(tag));
      if (tags !== undefined && tag === undefined) continue;
      this.#entries.delete(key);
      dropped.set(tag, (dropped.get(tag) ?? 0) + 1);
    }
    if (dropped.size > 0) this.#told.dropped(dropped);
  }
}

function hasTags(entry: CacheEntry<unknown> | undefined): boolean {
  return entry !== undefined && entry.tags.length > 0;
}

function valueOf<Value>({ value }: Found<Value>): Value {
  return value;
}

function foundOf<Value>(
  { value, loadedAtMs }: CacheEntry<Value>,
  now: number,
  isStale: boolean,
  from: Found<Value>["from"],
): Found<Value> {
  return { value, ageMs: Math.max(0, now - loadedAtMs), isStale, from };
}
