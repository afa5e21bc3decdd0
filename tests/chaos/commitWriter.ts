import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { sqlStateOf } from "../../supabase/functions/_shared/db/sqlState.ts";
import { runTransaction } from "../../supabase/functions/_shared/healing/transaction/runTransaction.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { client } from "../integration/dbFixture.ts";
import { pay } from "./commitFixture.ts";

/** One write as its process saw it, a line of JSON each. */
export interface WriterLine {
  readonly name: string;
  readonly id: string;
  readonly isReplay: boolean;
  readonly settled: readonly string[];
  /** Calls that failed to tell what came of them, and were made again under the same key. */
  readonly failures: readonly string[];
}

const width = 4;

/** Writes what is to be written, each under its key and until it is acknowledged. Arguments: url, process, processes, writes, seed. */
async function writeAll(args: readonly string[]): Promise<void> {
  const [url, process, processes, writes, seed] = [args[0]!, ...args.slice(1).map(Number)] as [
    string,
    ...[number, number, number, number],
  ];
  const random = seededRandom(seed + process);
  await using made = client(url, { poolSize: width });
  const database = adminDatabase(made);
  // Every fourth is written by all processes: they race for its key.
  const mine = Array.from({ length: writes }, (_, n) => n).filter((n) => n % processes === process || n % 4 === 0);
  const work = async () => {
    for (let n = mine.shift(); n !== undefined; n = mine.shift()) {
      const name = `payment-${n}`;
      const settled: string[] = [];
      const failures: string[] = [];
      const takesMs = random.next() * 60;
      for (let line: WriterLine | undefined; line === undefined;) {
        try {
          const { result, isReplay } = await runTransaction(database, async (sql) => {
            const paid = await pay(sql, name);
            await sql`select pg_sleep(${takesMs / 1_000}::float8)`;
            return paid;
          }, {
            idempotencyKey: name,
            random,
            onEvent: (event) => event.kind === "settled" && settled.push(event.fate),
          });
          line = { name, id: result.id, isReplay, settled, failures };
        } catch (error) {
          failures.push(sqlStateOf(error) ?? String(error));
          if (failures.length > 500) throw error;
        }
        if (line !== undefined) await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
      }
    }
  };
  await Promise.all(Array.from({ length: width }, work));
}

if (import.meta.main) await writeAll(Deno.args);
