import type { ResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import type { SentPayload } from "./migrationTraffic.ts";

/** What came of rebuilding payloads. */
export interface Rebuilds {
  /** Payloads that were healed and stand in columns and ledger yet. */
  readonly asked: number;
  readonly exact: number;
  readonly faults: readonly string[];
}

/** Whose payloads to rebuild, and where they may stand. */
export interface RebuildsOf {
  readonly payloads: ReadonlyMap<number, readonly SentPayload[]>;
  /** Orders of which a migration has taken a value elsewhere: nobody can rebuild these. */
  readonly takenFrom: ReadonlySet<number>;
  /** How many orders are looked at. */
  readonly sample: number;
}

/** Rebuilds the healed payloads of a sample of orders, each of which must come out as it was sent, to the letter. */
export async function rebuildPayloads(db: ResilientDb, { payloads, takenFrom, sample }: RebuildsOf) {
  const healed = [...payloads].filter(([id, sent]) => !takenFrom.has(id) && sent.some(({ isHealed }) => isHealed));
  const chosen = healed.filter((_, at) =>
    Math.floor(at * sample / healed.length) !== Math.floor((at - 1) * sample / healed.length)
  );
  const faults: string[] = [];
  let [asked, exact] = [0, 0];
  for (const [id, sent] of chosen) {
    const { data, error } = await db.reconstruct({ table: "orders", row: { id } });
    if (error !== null) {
      faults.push(`order ${id} is not rebuilt: ${error.code} ${error.message}`);
      continue;
    }
    const exactly = new Set(data.filter(({ isExact }) => isExact).map(({ text }) => text));
    for (const text of exactly) {
      if (sent.every((payload) => payload.text !== text)) faults.push(`order ${id} was never sent as ${text}`);
    }
    // What was updated since is not in its column any more.
    const { total } = sent.at(-1)!;
    for (const { text } of sent.filter((payload) => payload.isHealed && payload.total === total)) {
      asked++;
      if (exactly.has(text)) exact++;
      else faults.push(`order ${id} was sent as ${text}: ${JSON.stringify(data)}`);
    }
  }
  return { asked, exact, faults } satisfies Rebuilds;
}
