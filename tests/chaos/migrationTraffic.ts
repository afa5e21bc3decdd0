import type { DbResult, ResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";

/** An order as its writer means it, in the names that the table was born with. */
export interface SentOrder {
  readonly id: number;
  total: string;
  readonly quantity: number;
  readonly code: string;
  readonly note: string;
  readonly extra: string;
}

/** A write that has landed, as its payload's JSON. */
export interface SentPayload {
  readonly text: string;
  /** What it said the order's total is. */
  readonly total: string;
  /** Has its row alone no more than the names of now to tell what was sent? */
  readonly isHealed: boolean;
}

/** What the requests have come to. */
export class Traffic {
  /** Orders whose writer was told that they have landed. */
  readonly landed = new Map<number, SentOrder>();
  /** What was sent for each of them, one after the other. */
  readonly payloads = new Map<number, SentPayload[]>();
  readonly failures: string[] = [];
  readonly latencies: number[] = [];
  writes = 0;
  reads = 0;
  heals = 0;
  isOver = false;
  /** How many migrations there have been. */
  migrations = 0;
  /** For each request under way, how many there had been when it began. */
  readonly #underWay = new Set<{ readonly since: number }>();
  #lastId = 0;

  /** Have all requests come to an end? */
  get isAtRest(): boolean {
    return this.#underWay.size === 0;
  }

  /** How many migrations the oldest request under way has lived through. */
  get mostMet(): number {
    return Math.max(0, ...[...this.#underWay].map(({ since }) => this.migrations - since));
  }

  async #ask<Data>(asked: Promise<DbResult<Data>>): Promise<DbResult<Data>> {
    const request = { since: this.migrations };
    this.#underWay.add(request);
    return await asked.finally(() => this.#underWay.delete(request));
  }

  /** Writes orders until it is over: mostly new ones, at times its own last one again or a new total for it. */
  async write(db: ResilientDb, draw: () => number): Promise<void> {
    let own: SentOrder | undefined;
    while (!this.isOver) {
      const kind = draw();
      if (own !== undefined && kind < 0.15) {
        const total = (Math.floor(draw() * 1e6) / 100).toFixed(2);
        const result = await this.#ask(db.update("orders", { total }, { id: own.id }));
        if (this.#judge("update", result) && result.data!.length === 1) {
          own.total = total;
          this.#keep(own, { total }, result);
        } else this.failures.push(`update of ${own.id} met ${result.data?.length} rows`);
      } else if (own !== undefined && kind < 0.25) {
        const result = await this.#ask(db.upsert("orders", { ...own }, { onConflict: "id" }));
        if (this.#judge("upsert", result)) this.#keep(own, own, result);
      } else {
        const id = ++this.#lastId;
        const order: SentOrder = {
          id,
          total: (Math.floor(draw() * 1e6) / 100).toFixed(2),
          quantity: Math.floor(draw() * 1e4),
          code: `C-${id}`,
          note: `note of ${id}`,
          extra: `extra of ${id}`,
        };
        const result = await this.#ask(db.insert("orders", { ...order }));
        if (this.#judge("insert", result)) {
          this.landed.set(id, order);
          own = order;
          this.#keep(own, own, result);
        }
      }
      this.writes++;
    }
  }

  /** Reads orders that have landed, by the names of old. */
  async read(db: ResilientDb, draw: () => number): Promise<void> {
    while (!this.isOver) {
      const id = 1 + Math.floor(draw() * this.#lastId);
      const order = this.landed.get(id);
      if (order === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      const match = draw() < 0.5 ? { id } : { code: order.code };
      const result = await this.#ask(db.select("orders", { columns: ["id", "quantity", "code", "note"], match }));
      this.reads++;
      if (!this.#judge("select", result)) continue;
      const [row] = result.data!;
      const isRight = row !== undefined && String(row.id) === String(id) && row.code === order.code &&
        row.note === order.note && String(row.quantity) === String(order.quantity);
      if (!isRight) this.failures.push(`select of ${id} gave ${JSON.stringify(result.data)}`);
    }
  }

  #keep({ id, total }: SentOrder, payload: Partial<SentOrder>, { healing }: DbResult<unknown>): void {
    const list = this.payloads.get(id) ?? [];
    this.payloads.set(id, list);
    const isHealed = healing.some(({ diagnosis }) => diagnosis === "unknown_column");
    list.push({ text: JSON.stringify(payload), total, isHealed });
  }

  #judge(what: string, { error, healing, durationMs, attempts }: DbResult<unknown>): boolean {
    this.latencies.push(durationMs);
    if (healing.length > 0) this.heals++;
    if (error === null) return true;
    const { code, diagnosis, message } = error;
    this.failures.push(
      `${what}: ${code} ${diagnosis ?? ""} after ${attempts} tries, ${Math.round(durationMs)} ms: ${message}`,
    );
    return false;
  }
}
