import assert from "node:assert/strict";
import { replayBatch, ReplayBatchInput } from "../../supabase/functions/_domains/ops/rescue/replayBatch.ts";
import { fakeServices } from "../../supabase/functions/_shared/http/testing/fakeServices.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import type { JobDatabase } from "./jobs/jobDatabase.ts";
import { plantFields, plantLetters, replayDatabase } from "./jobs/replayFixture.ts";

/** Asks for a replay in a request whose time is up after so many looks at the clock. */
function replay({ admin }: JobDatabase, input: Record<string, unknown>, looks: number) {
  const { log, random } = fakeServices();
  let left = looks;
  return replayBatch(ReplayBatchInput.parse({ action: "replay", ...input }), {
    admin,
    caller: { kind: "secret", keyName: "ci", clientAddress: "192.0.2.1" },
    clock: systemClock,
    deadline: {
      signal: new AbortController().signal,
      remainingMs: () => 25_000,
      shouldYield: () => left-- <= 0,
    },
    log,
    random,
    requestId: "r1",
    waitUntil: () => {},
  });
}

Deno.test("a replay stops when the request's time is up, and says where the next one goes on", async () => {
  await using database = await replayDatabase();
  await plantLetters(database.sql, 25);
  await plantFields(database.sql, 15, "note");
  const counts: number[][] = [];
  let after: string | null = null;
  do {
    const { landed, moved, next }: Awaited<ReturnType<typeof replay>> = await replay(
      database,
      { limit: 1_000, ...(after === null ? {} : { after }) },
      2,
    );
    counts.push([landed.length, moved.length]);
    after = next;
    assert.ok(counts.length < 10, JSON.stringify(counts));
  } while (after !== null);
  assert.deepEqual(counts, [[20, 0], [5, 10], [0, 5]]);
  const rows = await database
    .sql`select count(*)::int as rows, count(distinct n)::int as numbers from public.goods where n is not null`;
  assert.deepEqual({ ...rows[0] }, { rows: 25, numbers: 25 });
});

Deno.test("a request without any time does nothing and says where to begin", async () => {
  await using database = await replayDatabase();
  await plantLetters(database.sql, 1);
  const { tried, next } = await replay(database, {}, 0);
  assert.equal(tried, 0);
  assert.equal((await replay(database, { after: next }, 10)).landed.length, 1);
});
