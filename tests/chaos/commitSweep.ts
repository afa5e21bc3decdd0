import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { runTransaction } from "../../supabase/functions/_shared/healing/transaction/runTransaction.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { client } from "../integration/dbFixture.ts";
import { pay } from "./commitFixture.ts";
import { commitProxy, type Direction } from "./commitProxy.ts";

/** What came of one cut. */
export interface CutResult {
  readonly name: string;
  readonly id: string | undefined;
  readonly error: unknown;
  /** How often the work ran. */
  readonly runs: number;
  /** Did Postgres have to be asked, and what did it say? */
  readonly settled: readonly string[];
}

/** How an exchange is cut at every byte. */
export interface SweepOptions {
  readonly direction: Direction;
  readonly isPooled: boolean;
  readonly isKeyed: boolean;
  readonly seed: number;
  /** Connections that work through the offsets side by side. */
  readonly width?: number;
}

/**
 * Runs a transaction for each byte of the BEGIN..COMMIT exchange of a warm connection, and cuts the connection there. An
 * offset at which the exchange was over before the cut ends the sweep.
 */
export async function sweepCuts(urls: readonly string[], options: SweepOptions): Promise<CutResult[]> {
  const { direction, isPooled, isKeyed, seed, width = 10 } = options;
  const results: CutResult[] = [];
  // In the server's direction byte 0 is never on its own: a cut before it is a cut after what came before.
  let next = 1;
  let end = Infinity;
  const worker = async (number: number) => {
    await using proxy = commitProxy(urls[number % urls.length]!);
    await using made = client(proxy.url, { isPooled });
    const database = adminDatabase(made);
    const random = seededRandom(seed + number);
    const warmUp = `warm-${direction.slice(3)}-${seed}-${number}`;
    await runTransaction(database, (sql) => pay(sql, warmUp), { idempotencyKey: warmUp });
    while (next < end) {
      const offset = next++;
      const name = `${direction.slice(3)}-${isKeyed ? "k" : "n"}-${isPooled ? "p" : "d"}-${
        String(offset).padStart(5, "0")
      }`;
      let runs = 0;
      const settled: string[] = [];
      let id: string | undefined;
      let error: unknown;
      proxy.cutAfter(direction, offset);
      try {
        const outcome = await runTransaction(database, (sql) => {
          runs++;
          return pay(sql, name);
        }, {
          ...(isKeyed && { idempotencyKey: name }),
          random,
          onEvent: (event) => event.kind === "settled" && settled.push(event.fate),
        });
        id = outcome.result.id;
      } catch (caught) {
        error = caught;
      }
      if (!proxy.disarm()) end = Math.min(end, offset);
      else results.push({ name, id, error, runs, settled });
      // A cut may fall behind the last byte the client waits for: the next exchange must start on a sound connection.
      const isSound = () => database.transaction((sql) => sql`select 1`).then(() => true, () => false);
      while (!(await isSound()));
    }
  };
  await Promise.all(Array.from({ length: width }, (_, number) => worker(number)));
  return results;
}
