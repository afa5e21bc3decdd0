/** Bounds besides the number of entries. */
export interface BoundedMapOptions<Key, Value> {
  /** What all entries together may weigh. @default Infinity */
  readonly maxWeight?: number;
  /** What an entry weighs; asked once, when it comes. @default 0 */
  readonly weightOf?: (value: Value, key: Key) => number;
  /** Hears of each entry that has to make room. @default nobody */
  readonly onEvict?: (key: Key, value: Value) => void;
}

/** A map that keeps the `maxSize` entries used last, and fewer where they are heavy. */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #weights = new Map<Key, number>();
  readonly #maxSize: number;
  readonly #maxWeight: number;
  readonly #weightOf: ((value: Value, key: Key) => number) | undefined;
  readonly #onEvict: ((key: Key, value: Value) => void) | undefined;
  #weight = 0;
  #newest: Key | undefined;

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
    return this.#entries.size;
  }

  /** What all entries weigh together. */
  get weight(): number {
    return this.#weight;
  }

  /** The value of `key`, which counts as used now. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined || key === this.#newest) return value;
    // A map keeps the order of insertion: what was not used for longest stands first.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    return value;
  }

  /** What is heavier than all entries together may be is not kept at all. */
  set(key: Key, value: Value): void {
    this.delete(key);
    const weight = this.#weightOf?.(value, key) ?? 0;
    if (weight > this.#maxWeight) return this.#onEvict?.(key, value);
    while (this.#entries.size >= this.#maxSize || this.#weight + weight > this.#maxWeight) this.#evictOldest();
    this.#entries.set(key, value);
    this.#newest = key;
    if (this.#weightOf === undefined) return;
    this.#weights.set(key, weight);
    this.#weight += weight;
  }

  delete(key: Key): boolean {
    if (this.#weightOf !== undefined) {
      this.#weight -= this.#weights.get(key) ?? 0;
      this.#weights.delete(key);
    }
    return this.#entries.delete(key);
  }

  /** All entries, the one not used for longest first. */
  entries(): IterableIterator<[Key, Value]> {
    return this.#entries.entries();
  }

  #evictOldest(): void {
    const [key, value] = this.#entries.entries().next().value!;
    this.delete(key);
    this.#onEvict?.(key, value);
  }
}
