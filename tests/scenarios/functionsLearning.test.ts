import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { testStack } from "../harness/testStack.ts";
import { plantLearningMarket } from "../integration/learning/learningMarket.ts";
import { callsOf } from "./opsCalls.ts";

Deno.test("woken over HTTP, both jobs learn, and ops-jobs shows what they came to; nobody else may wake them", async () => {
  await using stack = await testStack();
  const { sql } = stack.database;
  await plantLearningMarket(sql);
  const { get, post } = callsOf(stack, "ops-jobs");
  for (const name of ["personalization-hourly", "personalization-daily"]) {
    const refused = await stack.call(name, {
      method: "POST",
      headers: { apikey: stack.publishableKey, "content-type": "application/json" },
      body: "{}",
    });
    assert.equal(refused.status, 401);
    await refused.body?.cancel();
    const rehearsed = await post({ name, dryRun: true });
    assert.deepEqual([rehearsed.status, rehearsed.body.status], [200, "rehearsed"], JSON.stringify(rehearsed.body));
    assert.ok(rehearsed.body.outcome.outcome.arrived > 1_000, JSON.stringify(rehearsed.body.outcome));
    const runs = async () =>
      (await get({ name })).body.runs as { state: string; outcome: Record<string, unknown> | null }[];
    // Handed over where the time was up: another wake-up goes on. One within a window that is done says so.
    const isLearned = async () => {
      await post({ name });
      return (await runs()).some(({ outcome }) => outcome?.isDoneBefore === true);
    };
    assert.ok(await waitUntil(isLearned, { timeoutMs: 30_000 }), JSON.stringify(await runs()));
    const first = (await runs()).find(({ outcome }) => outcome?.counts !== undefined);
    assert.equal(first?.state, "succeeded", JSON.stringify(await runs()));
    const counts = first?.outcome?.counts as Record<string, number>;
    if (name === "personalization-hourly") assert.equal(counts.subjects, 120);
    else assert.ok(counts.solve! >= 30 && counts.settle === 1, JSON.stringify(counts));
  }
  const [made] = await sql`
    select (select count(*)::int from personalization.product_popularity) as popular,
      (select count(*)::int from personalization.segments) as segments,
      (select status from recommendations.item_models order by version desc limit 1) as model`;
  assert.equal(made?.segments, 120);
  assert.ok(made?.popular >= 30);
  assert.equal(made?.model, "active");
});
