import type { TagStore } from "../../supabase/functions/_shared/cache/tags/tagStore.ts";

/** A transaction that drops tags, and changes the values that they stand for, when it commits. */
export interface TagTransaction {
  commit(): void;
}

/** Rows of values and dropped tags, seen as Postgres would let them be seen: by who has committed when. */
export class MemoryTagDatabase {
  readonly #tags = new Map<string, bigint>();
  readonly #open = new Set<bigint>();
  readonly values = new Map<string, number>();
  #nextXid = 10n;
  /** Fails every question while it is set. */
  isGone = false;
  reads = 0;
  /** Holds answers back, after they were read. */
  gate: Promise<void> | undefined;

  get snapshot(): string {
    const underWay = [...this.#open].sort();
    return `${underWay[0] ?? this.#nextXid}:${this.#nextXid}:${underWay.join(",")}`;
  }

  /** Begins to drop a tag, whose value is one more once it has committed. */
  begin(tag: string): TagTransaction {
    const xid = this.#nextXid++;
    this.#open.add(xid);
    return {
      commit: () => {
        this.#open.delete(xid);
        this.#tags.set(tag, xid);
        this.values.set(tag, (this.values.get(tag) ?? 0) + 1);
      },
    };
  }

  /** The database is another one, whose transactions begin anew. */
  putBack(): void {
    this.#nextXid = 3n;
    this.#tags.clear();
    this.#open.clear();
  }

  readonly store: TagStore = {
    read: async (since, limit) => {
      this.reads++;
      if (this.isGone) throw new Error("connection refused");
      const told = [...this.#tags].filter(([, xid]) => xid >= BigInt(since ?? 0)).sort(([, a], [, b]) =>
        a < b ? 1 : -1
      );
      const look = {
        snapshot: this.snapshot,
        drops: told.slice(0, limit).map(([tag, xid]) => [tag, `${xid}`] as const),
      };
      await this.gate;
      return look;
    },
    drop: (tags) => {
      if (this.isGone) return Promise.reject(new Error("connection refused"));
      const xid = this.#nextXid++;
      for (const tag of tags) this.#tags.set(tag, xid);
      return Promise.resolve(String(xid));
    },
  };
}
