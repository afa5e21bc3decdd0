import type { ColumnSnapshot } from "./snapshot.ts";

/** Something that happened to a column's name, as a schema version recorded it. */
export interface ColumnEvent {
  readonly kind: "column_added" | "column_renamed" | "column_dropped";
  /** The name before; null for one that was added. */
  readonly name: string | null;
  readonly attnum: number;
  readonly version: number;
}

/** What the columns of one table were called, and when. */
export class ColumnPast {
  readonly #events: readonly ColumnEvent[];
  readonly #last = new Map<string, ColumnEvent>();

  /** `events` in the order in which they were recorded. */
  constructor(events: readonly ColumnEvent[]) {
    this.#events = events;
    for (const event of events) if (event.name !== null) this.#last.set(event.name, event);
  }

  /** Every name that a column no longer has, and the column, by its `attnum`, that was the last to have it. */
  get former(): ReadonlyMap<string, number> {
    return new Map([...this.#last].map(([name, { attnum }]) => [name, attnum]));
  }

  /** Every name that a column has lost, the latest first, each once. */
  namesOf(attnum: number): string[] {
    const names = this.#events.flatMap((event) => event.attnum === attnum && event.name !== null ? [event.name] : []);
    return [...new Set(names.reverse())];
  }

  /** Has another column than `attnum` ever lost this name? */
  hadAnother(name: string, attnum: number): boolean {
    return this.#events.some((event) => event.name === name && event.attnum !== attnum);
  }

  /**
   * The columns by the names they had in the newest version that had all of `names`, former ones and others; undefined
   * where there is none.
   *
   * @example
   * ```ts
   * // price was renamed list_price, and total then price
   * past.namesWhen(["total"], columns)?.get("price"); // the attnum of list_price
   * ```
   */
  namesWhen(names: readonly string[], columns: readonly ColumnSnapshot[]): ReadonlyMap<string, number> | undefined {
    const versions = names.flatMap((name) => this.#last.get(name)?.version ?? []);
    if (versions.length === 0) return undefined;
    const found = this.#namesBefore(Math.min(...versions), columns);
    return names.every((name) => found.has(name)) ? found : undefined;
  }

  /** The names in the last version before one: what each column was called when something next happened to it. */
  #namesBefore(version: number, columns: readonly ColumnSnapshot[]): ReadonlyMap<string, number> {
    const next = new Map<number, ColumnEvent>();
    for (const event of this.#events) {
      if (event.version >= version && !next.has(event.attnum)) next.set(event.attnum, event);
    }
    const unchanged = columns.filter(({ attnum }) => !next.has(attnum)).map(({ name, attnum }) =>
      [name, attnum] as const
    );
    const changed = [...next.values()].flatMap(({ name, attnum }) => name === null ? [] : [[name, attnum] as const]);
    return new Map([...unchanged, ...changed]);
  }
}
