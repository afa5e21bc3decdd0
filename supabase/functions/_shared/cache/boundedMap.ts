/** Bounds besides the number of entries. */
export interface BoundedMapOptions<Key, Value> {
  /** What all entries together may weigh. @default Infinity */
  readonly maxWeight?: number;
  /** What an entry weighs; asked once, when it comes. @default 0 */
  readonly weightOf?: (value: Value, key: Key) => number;
  /** Hears of each entry that has to make room. @default nobody */
  readonly onEvict?: (key: Key, value: Value) => void;
}

/** An entry between the one used before it and the one used after it. */
interface Link<Key, Value> {
  readonly key: Key;
  readonly value: Value;
  readonly weight: number;
  older: Link<Key, Value> | undefined;
  newer: Link<Key, Value> | undefined;
}

/**
 * A map that keeps the `maxSize` entries used last, and fewer where they are heavy. The order of use is a chain: to take a
 * key out of a Map and put it in again, which would do as well, takes four times as long as a look-up.
 */
export class BoundedMap<Key, Value> {
  readonly #links = new Map<Key, Link<Key, Value>>();
  readonly #maxSize: number;
  readonly #maxWeight: number;
  readonly #weightOf: ((value: Value, key: Key) => number) | undefined;
  readonly #onEvict: ((key: Key, value: Value) => void) | undefined;
  #weight = 0;
  #oldest: Link<Key, Value> | undefined;
  #newest: Link<Key, Value> | undefined;

  constructor(maxSize: number, options: BoundedMapOptions<Key, Value> = {}) {
    if (!Number.isInteger(maxSize) || maxSize < 1) {
      throw new RangeError(
        `Cannot make a bounded map as 'maxSize' must be a positive integer: current value is ${maxSize}`,
      );
    }
    this.#maxSize = maxSize;
    this.#maxWeight = options.maxWeight ?? Infinity;
    this.#weightOf = options.weightOf;
    this.#onEvict = options.onEvict;
  }

  get size(): number {
    return this.#links.size;
  }

  /** What all entries weigh together. */
  get weight(): number {
    return this.#weight;
  }

  /** The value of `key`, which counts as used now. */
  get(key: Key): Value | undefined {
    const link = this.#links.get(key);
    if (link === undefined) return undefined;
    if (link !== this.#newest) {
      this.#unchain(link);
      this.#chain(link);
    }
    return link.value;
  }

  /** What is heavier than all entries together may be is not kept at all. */
  set(key: Key, value: Value): void {
    this.delete(key);
    const weight = this.#weightOf?.(value, key) ?? 0;
    if (weight > this.#maxWeight) return this.#onEvict?.(key, value);
    while (this.#links.size >= this.#maxSize || this.#weight + weight > this.#maxWeight) this.#evictOldest();
    const link = { key, value, weight, older: undefined, newer: undefined };
    this.#links.set(key, link);
    this.#chain(link);
    this.#weight += weight;
  }

  delete(key: Key): boolean {
    const link = this.#links.get(key);
    if (link === undefined) return false;
    this.#links.delete(key);
    this.#unchain(link);
    this.#weight -= link.weight;
    return true;
  }

  /** All entries, the one not used for longest first; the one that was given last may be deleted meanwhile. */
  *entries(): Generator<[Key, Value]> {
    for (let link = this.#oldest; link !== undefined;) {
      const { key, value, newer } = link;
      yield [key, value];
      link = newer;
    }
  }

  #evictOldest(): void {
    const { key, value } = this.#oldest!;
    this.delete(key);
    this.#onEvict?.(key, value);
  }

  #chain(link: Link<Key, Value>): void {
    link.older = this.#newest;
    link.newer = undefined;
    if (this.#newest === undefined) this.#oldest = link;
    else this.#newest.newer = link;
    this.#newest = link;
  }

  #unchain(link: Link<Key, Value>): void {
    if (link.older === undefined) this.#oldest = link.newer;
    else link.older.newer = link.newer;
    if (link.newer === undefined) this.#newest = link.older;
    else link.newer.older = link.older;
  }
}
