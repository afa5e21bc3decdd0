import assert from "node:assert/strict";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import type { Database, SqlTag } from "../../db/database.ts";
import { seededRandom } from "../../random/seededRandom.ts";
import { runTransaction } from "./runTransaction.ts";
import type { RunTransactionOptions, TransactionOutcome } from "./transactionOptions.ts";

const lost = () => Object.assign(new Error("lost"), { code: "CONNECTION_CLOSED" });

/** A database whose first commit loses its connection, and which then gives these answers when asked for its fate. */
function losing(answers: readonly { fate: string | null; life?: string }[]): Database & { readonly asked: number } {
  let asked = 0;
  let hasLost = false;
  const sql = ((strings: TemplateStringsArray) => {
    if (!strings.join("").includes("pg_xact_status")) return Promise.resolve([{ xid: "7", life: "first" }]);
    const answer = answers[Math.min(asked++, answers.length - 1)]!;
    return Promise.resolve([{ life: "first", ...answer }]);
  }) as unknown as SqlTag;
  return {
    sql,
    call: sql,
    get asked() {
      return asked;
    },
    async transaction(work, kind) {
      const result = await work(sql);
      if (kind?.isReadOnly !== true && !hasLost) {
        hasLost = true;
        throw lost();
      }
      return result;
    },
  };
}

/** Runs a counting work without a key, with time moved on for a minute. */
async function run(database: Database, options: RunTransactionOptions = {}) {
  const clock = new FakeClock();
  let runs = 0;
  const settled = runTransaction(database, () => Promise.resolve(++runs), {
    clock,
    random: seededRandom(1),
    ...options,
  })
    .then((outcome) => outcome, (error) => error as Error & { code: string; xid?: string });
  await clock.advance(60_000);
  assert.equal(clock.pendingTimers, 0);
  return { outcome: await settled, runs };
}

Deno.test("a commit that landed though its connection was lost gives the result in hand, and does not run again", async () => {
  const { outcome, runs } = await run(losing([{ fate: "committed" }]));
  assert.deepEqual([(outcome as TransactionOutcome<number>).result, runs], [1, 1]);
});

Deno.test("a commit that did not land runs again, once the server no longer has it in progress", async () => {
  const database = losing([{ fate: "in progress" }, { fate: "in progress" }, { fate: "aborted" }]);
  const { outcome, runs } = await run(database);
  assert.deepEqual([(outcome as TransactionOutcome<number>).result, runs, database.asked], [2, 2, 3]);
});

Deno.test("without a key a commit nobody can tell of is an unknown outcome, never a guess", async () => {
  const cases = [
    [{ fate: "committed", life: "after a crash" }], // The id may be a stranger's.
    [{ fate: null }], // Too long ago.
    [{ fate: "in progress" }], // For longer than is waited.
  ];
  for (const answers of cases) {
    const { outcome, runs } = await run(losing(answers));
    assert.deepEqual([(outcome as { code?: string }).code, (outcome as { xid?: string }).xid, runs], [
      "OUTCOME_UNKNOWN",
      "7",
      1,
    ]);
  }
});

Deno.test("an abort while a commit is being settled says that its outcome is unknown, at once", async () => {
  const stop = new AbortController();
  const database = losing([{ fate: "in progress" }]);
  const asking = database.sql;
  const watched: Database = {
    sql: asking,
    call: asking,
    transaction: (work, kind) => {
      if (kind?.isReadOnly === true && database.asked === 3) stop.abort(new Error("enough"));
      return database.transaction(work, kind);
    },
  };
  const { outcome, runs } = await run(watched, { signal: stop.signal });
  assert.deepEqual([(outcome as { code?: string }).code, runs, database.asked], ["OUTCOME_UNKNOWN", 1, 4]);
  assert.equal(((outcome as Error).cause as Error).message, "enough");
});

Deno.test("a connection lost before commit runs again without asking, a refusal never", async () => {
  for (const [code, severity, wanted] of [["ECONNRESET", undefined, 2], ["23505", "ERROR", 1]] as const) {
    const database = losing([{ fate: "committed" }]);
    let runs = 0;
    const clock = new FakeClock();
    const settled = runTransaction({ ...database, transaction: (work) => work(database.sql) }, () => {
      if (++runs === 1) return Promise.reject(Object.assign(new Error("no"), { code, severity }));
      return Promise.resolve("done");
    }, { clock }).catch((error) => error.code);
    await clock.advance(10_000);
    await settled;
    assert.deepEqual([runs, database.asked], [wanted, 0]);
  }
});

Deno.test("an idempotency key that Postgres would refuse is refused before anything runs", async () => {
  const { outcome, runs } = await run(losing([]), { idempotencyKey: "with space" });
  assert.deepEqual([(outcome as { code?: string }).code, runs], ["invalid_idempotency_key", 0]);
});
