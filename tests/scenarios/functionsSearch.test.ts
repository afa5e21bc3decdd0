import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { addMember, addUser } from "../harness/marketOf.ts";
import { testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";
import { idOf, stockMarket } from "../integration/recommendationsFixture.ts";
import { callsOf } from "./opsCalls.ts";

type Headers = Record<string, string>;

Deno.test("search as its keepers know it: rankings, pins, synonyms, experiments, suggestions, insights", async (test) => {
  await using stack = await testStack();
  const { sql } = stack.database;
  await stockMarket(sql, [
    { name: "Whole Milk", category: "dairy/milk", vendor: "alm", popularity: 0.9 },
    { name: "Goat Milk", category: "dairy/milk", vendor: "hill", popularity: 0.5 },
    { name: "Oat Milk", category: "dairy/milk", vendor: "mill", popularity: 0.1 },
    { name: "Soda Lemon", category: "drinks/soda", vendor: "mill", popularity: 0.1 },
  ]);
  const search = callsOf(stack, "search-personalized");
  const ranking = callsOf(stack, "search-ranking");
  const experiments = callsOf(stack, "search-experiments");
  const insights = callsOf(stack, "search-insights");
  const suggestions = callsOf(stack, "search-suggest");
  const anybody: Headers = { apikey: stack.publishableKey };
  const operator: Headers = { apikey: stack.secretKey };
  const signIn = async (name: string): Promise<Headers> => {
    const userId = await addUser(sql, idOf("user", name));
    return { authorization: `Bearer ${await userToken(stack.signingKey, { userId })}` };
  };
  await addMember(sql, idOf("vendor", "mill"), idOf("user", "miller"));
  const miller = await signIn("miller");
  const mill = idOf("vendor", "mill");
  const find = async (who: Headers, q: string, more: Record<string, unknown> = {}) => {
    const { status, body } = await search.ask(who, "POST", { q, ...more });
    assert.equal(status, 200, JSON.stringify(body));
    return body as {
      listId: string;
      total: number;
      hits: { product: { id: string; name: string }; isPinned: boolean }[];
      ranking: { version: number; arm: string | null; experimentId: string | null };
    };
  };
  const names = ({ hits }: Awaited<ReturnType<typeof find>>) => hits.map(({ product }) => product.name);
  const done = async (answer: Promise<{ status: number; body: unknown }>) => {
    const { status, body } = await answer;
    assert.equal(status, 200, JSON.stringify(body));
    // deno-lint-ignore no-explicit-any -- what each step looks at differs.
    return body as any;
  };
  const refused = async (answer: Promise<{ status: number; body: { code?: string } }>, code: string) => {
    const { body } = await answer;
    assert.equal(body.code, code, JSON.stringify(body));
  };

  await test.step("a vendor's pins and synonyms act in their shop alone", async () => {
    const pin = { productId: idOf("product", "Oat Milk"), query: "Milk", action: "pin" };
    await refused(ranking.ask(miller, "PUT", { pin }), "forbidden");
    await refused(ranking.ask(miller, "PUT", { vendorId: idOf("vendor", "alm"), pin }), "forbidden");
    const foreign = { ...pin, productId: idOf("product", "Whole Milk") };
    await refused(ranking.ask(miller, "PUT", { vendorId: mill, pin: foreign }), "not_found");
    await done(ranking.ask(miller, "PUT", { vendorId: mill, pin }));
    await done(ranking.ask(miller, "PUT", { vendorId: mill, pin }));
    const kept = await done(ranking.ask(miller, "GET", { vendorId: mill }));
    assert.equal(kept.pins.length, 1, "said twice it is said once");
    assert.equal(names(await find(anybody, "milk"))[0], "Whole Milk");
    const shop = await find(anybody, "milk", { filters: { vendors: [mill] } });
    assert.deepEqual(shop.hits.map(({ product, isPinned }) => [product.name, isPinned]), [["Oat Milk", true]]);
    await done(ranking.ask(miller, "PUT", { vendorId: mill, synonyms: { term: "fizzy pop", meanings: ["soda"] } }));
    assert.deepEqual(names(await find(anybody, "fizzy pop", { filters: { vendors: [mill] } })), ["Soda Lemon"]);
    assert.equal((await find(anybody, "fizzy pop")).total, 0);
    await refused(
      ranking.ask(await signIn("stranger"), "DELETE", { vendorId: mill, id: kept.pins[0].id }),
      "forbidden",
    );
    await refused(ranking.ask(operator, "DELETE", { id: kept.pins[0].id }), "not_found");
  });

  await test.step("the market's pins hold everywhere, and what is buried comes last", async () => {
    const place = (name: string, action: string) =>
      done(ranking.ask(operator, "PUT", { pin: { productId: idOf("product", name), query: "milk", action } }));
    await place("Oat Milk", "pin");
    await place("Whole Milk", "bury");
    assert.deepEqual(names(await find(anybody, "MILK")), ["Oat Milk", "Goat Milk", "Whole Milk"]);
    for (const { id } of (await done(ranking.get())).pins) await done(ranking.ask(operator, "DELETE", { id }));
    assert.equal(names(await find(anybody, "milk"))[0], "Whole Milk");
  });

  let treatment = 0;
  await test.step("versions of the weights are put in force, and old ones again", async () => {
    const weights = { relevance: 0.2, personal: 0.3, recency: 0.1, popularity: 0.3, season: 0.1 };
    await refused(ranking.post({ weights: { ...weights, season: 0.5 } }), "invalid_input");
    await refused(ranking.ask(miller, "POST", { weights }), "forbidden");
    const { active: first } = await done(ranking.get());
    const added = await done(ranking.post({ weights, note: "popular first", expectedVersion: first }));
    treatment = added.active;
    assert.notEqual(treatment, first);
    assert.equal((await find(anybody, "milk")).ranking.version, treatment);
    await refused(ranking.post({ weights, expectedVersion: first }), "conflict");
    await refused(ranking.patch({ version: 99_999 }), "not_found");
    const reverted = await done(ranking.patch({ version: first, expectedVersion: treatment }));
    assert.deepEqual([reverted.active, reverted.activations.length], [first, 3]);
    assert.equal((await find(anybody, "milk")).ranking.version, first);
    const own = await done(ranking.ask(miller, "POST", { vendorId: mill, weights }));
    assert.equal((await find(anybody, "milk", { filters: { vendors: [mill] } })).ranking.version, own.active);
    assert.equal((await find(anybody, "milk")).ranking.version, first);
    await refused(ranking.patch({ version: own.active }), "not_found");
  });

  await test.step("an experiment's shoppers keep their arm, until it alone is stopped", async () => {
    const { active: control } = await done(ranking.get());
    const endsAt = new Date(Date.now() + 86_400_000).toISOString();
    const plan = { name: "popular", controlVersion: control, treatmentVersion: treatment, endsAt };
    await refused(experiments.post({ ...plan, endsAt: new Date(0).toISOString() }), "invalid_input");
    const { experiments: [one] } = await done(experiments.post(plan));
    await refused(experiments.post(plan), "conflict");
    const arms = new Map<string, string | null>();
    for (let index = 0; index < 24; index++) {
      const key = `session-key-of-shopper-${index}-of-many`;
      const { ranking: seen } = await find({ ...anybody, "x-session-key": key }, "milk");
      assert.equal(seen.version, seen.arm === "treatment" ? treatment : control);
      arms.set(key, seen.arm);
    }
    assert.deepEqual(new Set(arms.values()), new Set(["control", "treatment"]));
    for (const [key, arm] of arms) {
      assert.equal((await find({ ...anybody, "x-session-key": key }, "soda")).ranking.arm, arm);
    }
    assert.equal((await find(anybody, "milk")).ranking.arm, null, "nobody known is in no arm");
    await refused(experiments.ask(operator, "DELETE", { id: crypto.randomUUID() }), "not_found");
    assert.equal((await done(experiments.get())).experiments[0].state, "running");
    assert.equal((await done(experiments.ask(operator, "DELETE", { id: one.id }))).experiments[0].state, "stopped");
    assert.equal((await find({ ...anybody, "x-session-key": [...arms.keys()][0]! }, "milk")).ranking.arm, null);
  });

  await test.step("insights count searches and clicks; a query is suggested once five shoppers searched it", async () => {
    const tracking = callsOf(stack, "interactions-track");
    const suggest = async (q: string) =>
      (await done(suggestions.ask(anybody, "GET", { q }))).suggestions as { kind: string; text: string }[];
    for (let index = 0; index < 5; index++) {
      const shopper = await signIn(`shopper ${index}`);
      // A subject is known once something was learned of them.
      const warm = { eventId: crypto.randomUUID(), type: "click", productId: idOf("product", "Soda Lemon") };
      await done(tracking.ask(shopper, "POST", warm));
      const { listId } = await find(shopper, "goat  MILK");
      if (index < 4) await find(shopper, "whole milk");
      await find(shopper, "unobtainium");
      const isNoted = async () =>
        (await sql`select from personalization.shown_lists where id = ${listId} and subject_id is not null`).length ===
          1;
      assert.ok(await waitUntil(isNoted, { timeoutMs: 5_000 }));
      const click = { eventId: crypto.randomUUID(), type: "click", productId: idOf("product", "Goat Milk"), listId };
      await done(tracking.ask(shopper, "POST", click));
      // The same click again, under another id, is no second click.
      await done(tracking.ask(shopper, "POST", { ...click, eventId: crypto.randomUUID() }));
    }
    const isCounted = async () =>
      Number((await sql`select count(*) from personalization.shown_lists where query = 'unobtainium'`)[0]!.count) === 5;
    assert.ok(await waitUntil(isCounted, { timeoutMs: 5_000 }));
    await sql`select search.refresh_words()`;
    assert.deepEqual((await suggest("goa")).map(({ kind, text }) => [kind, text]), [
      ["query", "goat milk"],
      ["product", "Goat Milk"],
    ]);
    assert.ok((await suggest("whole")).every(({ kind }) => kind !== "query"), "four shoppers are too few");
    assert.deepEqual(await suggest("unob"), []);
    assert.deepEqual((await suggest("gaot")).map(({ text }) => text), ["goat milk", "Goat Milk"]);

    const all = await done(insights.get());
    const goat = all.topQueries.find(({ query }: { query: string }) => query === "goat milk");
    assert.deepEqual([goat.searches, goat.shoppers, goat.clicks, goat.clickedShare], [5, 5, 5, 1]);
    assert.deepEqual(all.zeroResultQueries[0], { query: "unobtainium", searches: 5 });
    assert.ok(all.queriesWithoutClicks.some(({ query }: { query: string }) => query === "whole milk"));
    assert.equal(all.places[0].clicks, 5);
    assert.ok(all.places[0].clickRate.low > 0 && all.secondsToClick >= 0);
    await refused(insights.ask(miller, "GET"), "forbidden");
    await refused(insights.ask(miller, "GET", { vendorId: idOf("vendor", "alm") }), "forbidden");
    const own = await done(insights.ask(miller, "GET", { vendorId: mill }));
    assert.deepEqual([
      own.zeroResultQueries,
      own.topQueries.some(({ query }: { query: string }) => query === "goat milk"),
    ], [
      [],
      false,
    ]);
  });

  await test.step("strangers are kept out", async () => {
    for (const name of [ranking, experiments, insights]) {
      assert.ok([401, 403].includes((await name.ask(anybody, "GET")).status));
    }
    assert.equal((await experiments.ask(miller, "GET")).status, 401);
  });
});
