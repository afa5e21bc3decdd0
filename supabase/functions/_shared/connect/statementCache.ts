import type { CompiledSql } from "./sqlText.ts";

/** A compiled statement, and whether connections should keep it prepared. */
export interface CachedSql {
  readonly sql: CompiledSql;
  readonly isPrepared: boolean;
}

/**
 * Compiled statements by their shape. Once full, further shapes are compiled each time and not kept prepared: whoever
 * chooses the keys of payloads could else fill the memory of isolate and server.
 */
export class StatementCache {
  readonly #entries = new Map<string, CachedSql>();

  constructor(readonly limit = 256) {}

  get(key: string, compile: () => CompiledSql): CachedSql {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const made = { sql: compile(), isPrepared: this.#entries.size < this.limit };
    if (made.isPrepared) this.#entries.set(key, made);
    return made;
  }
}
