import type { KnobReader } from "../optimizer/knobs/knobReader.ts";
import { defaultKnobs } from "../optimizer/knobs/knobReader.ts";
import { type Random, systemRandom } from "../random/random.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import { isolateHub, KernelHub } from "../telemetry/kernelHub.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import type { CacheDefinition } from "./cacheDefinition.ts";
import type { CacheCallOptions, CacheLoad, Found } from "./cacheEntry.ts";
import { type CacheKey, keyText } from "./cacheKey.ts";
import { LayeredCache, type LayeredCacheParts } from "./layeredCache.ts";
import type { RedisLevel } from "./redis/redisLevel.ts";
import { checkTags } from "./tags/checkTags.ts";
import type { TagStore } from "./tags/tagStore.ts";
import { TagView, type TagViewParts } from "./tags/tagView.ts";

/** A cache as it is used. Values are given to many, so nobody may change one. */
export interface Cache<Value> {
  /** The value: cached, or loaded now. Whoever asks for the same at the same time shares one load. */
  get(key: CacheKey, load: CacheLoad<Value>, options?: CacheCallOptions): Promise<Value>;
  /** The value, how old it is, and whether that is past its time. */
  find(key: CacheKey, load: CacheLoad<Value>, options?: CacheCallOptions): Promise<Found<Value>>;
  /** What memory holds of it that is new, without asking anybody. */
  peek(key: CacheKey): Found<Value> | undefined;
  /** Forgets a value here and in Redis. Other isolates keep theirs until its time is up: what all are to forget has a tag. */
  drop(key: CacheKey): Promise<void>;
  /** Counts a value as past its time: loaded anew when next asked for, it serves where that fails. */
  expire(key: CacheKey): void;
}

/** Caches as a use case gets them: what is not declared as shared is the caller's own. */
export interface CallerCaches {
  of<Value>(definition: CacheDefinition<Value>): Cache<Value>;
  /** Drops what has this tag, whoever's it is: here at once, in all isolates within a second. */
  dropTag(tag: string): Promise<void>;
}

/** What caches are made of. */
export interface CachesParts extends Partial<Omit<TagViewParts, "store" | "clock" | "log">> {
  /** How isolates tell each other of drops, asked for at first use. @default this isolate alone */
  readonly tagStore?: () => TagStore | undefined;
  /** The second level, asked for at first use. @default none */
  readonly redis?: () => RedisLevel | undefined;
  /** @default isolateHub */
  readonly observer?: KernelObserver;
  /** @default defaultKnobs */
  readonly knobs?: KnobReader;
  /** @default nobody: what is behind the answer may end with the isolate */
  readonly waitUntil?: (work: Promise<unknown>) => void;
  readonly log?: Pick<Logger, "warn" | "info">;
  readonly clock?: Clock;
  readonly random?: Random;
}

const silent: Pick<Logger, "warn" | "info"> = { warn: () => {}, info: () => {} };

/** The caches of an isolate: one of each name, one view of dropped tags for all of them. */
export class Caches {
  readonly #parts: CachesParts;
  readonly #view: TagView;
  readonly #opened = new Map<string, { readonly definition: unknown; readonly cache: unknown }>();
  #shared: LayeredCacheParts | undefined;

  constructor(parts: CachesParts = {}) {
    this.#parts = parts;
    const { tagStore = () => undefined, clock = systemClock, log = silent } = parts;
    this.#view = new TagView({ ...parts, store: tagStore, clock, log });
  }

  /** A cache whose entries belong to the isolate itself; for callers there is `scopedTo`. */
  open<Value>(definition: CacheDefinition<Value>): Cache<Value> {
    return scoped(this.#layered(definition), "");
  }

  /** Caches of one caller: `scope` says who, and is never the same for two who may see different things. */
  scopedTo(scope: string): CallerCaches {
    if (scope === "") throw new RangeError("Cannot open a caller's caches as nothing says who it is");
    // Nobody's scope is a prefix of another's with its key, as none has a line break in it.
    const prefix = `${JSON.stringify(scope)}\n`;
    return {
      of: (definition) => scoped(this.#layered(definition), definition.sharedBecause === undefined ? prefix : ""),
      dropTag: (tag) => this.dropTag(tag),
    };
  }

  /** Drops what has this tag: here at once, in all isolates within a second. Rejects where they cannot be told. */
  async dropTag(tag: string): Promise<void> {
    await this.dropTags([tag]);
  }

  /** As {@link dropTag}, of several at once. */
  async dropTags(tags: readonly string[]): Promise<void> {
    if (tags.length > 0) await this.#view.drop(checkTags(tags));
  }

  #layered<Value>(definition: CacheDefinition<Value>): LayeredCache<Value> {
    const { name } = definition;
    const known = this.#opened.get(name);
    // Each is opened by its own definition, so its values are of that type.
    if (known?.definition === definition) return known.cache as LayeredCache<Value>;
    if (known !== undefined) throw new Error(`Cannot open the cache "${name}" as another one has that name`);
    const cache = new LayeredCache(definition, this.#shared ??= this.#makeShared());
    this.#opened.set(name, { definition, cache });
    return cache;
  }

  #makeShared(): LayeredCacheParts {
    const {
      clock = systemClock,
      random = systemRandom,
      observer = isolateHub,
      knobs = defaultKnobs,
      redis,
      waitUntil = (work) => void work.catch(() => {}),
    } = this.#parts;
    const hub = observer instanceof KernelHub ? observer : new KernelHub();
    if (hub !== observer) hub.watch(observer); // What it throws breaks no cache.
    return { clock, random, observer: hub, knobs, waitUntil, redis: redis?.(), tags: this.#view };
  }
}

function scoped<Value>(cache: LayeredCache<Value>, prefix: string): Cache<Value> {
  const textOf = prefix === "" ? keyText : (key: CacheKey) => prefix + keyText(key);
  const none: CacheCallOptions = {};
  return {
    get(key, load, options = none) {
      try {
        return cache.get(textOf(key), load, options);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    find(key, load, options = none) {
      try {
        return cache.find(textOf(key), load, options);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    peek: (key) => cache.peek(textOf(key)),
    drop: async (key) => await cache.drop(textOf(key)),
    expire: (key) => cache.expire(textOf(key)),
  };
}
