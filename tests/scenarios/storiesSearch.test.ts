import assert from "node:assert/strict";
import { addUser } from "../harness/marketOf.ts";
import { testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";
import { idOf, stockMarket } from "../integration/recommendationsFixture.ts";
import { callsOf } from "./opsCalls.ts";

interface Hit {
  readonly product: { readonly id: string; readonly name: string };
  readonly score: number;
  readonly reason: string | null;
  readonly why: { readonly personal: number; readonly season: number; readonly isDisliked: boolean };
}

type Headers = Record<string, string>;

const day = 86_400_000;
const month = new Date().getUTCMonth() + 1;
const otherMonth = month % 12 + 1;

Deno.test("stories of search, as shoppers live them", async (test) => {
  await using stack = await testStack();
  const { sql } = stack.database;
  await stockMarket(sql, [
    { name: "Whole Milk", category: "dairy/milk", vendor: "alm", popularity: 0.9 },
    { name: "Goat Milk", category: "dairy/milk", vendor: "hill", popularity: 0.6 },
    { name: "Oat Milk", category: "dairy/milk", vendor: "mill", attributes: ["plant-based"], popularity: 0.4 },
    { name: "Greek Yogurt", category: "dairy/yogurt", vendor: "alm", popularity: 0.8 },
    { name: "Fruit Yogurt", category: "dairy/yogurt", vendor: "hill", popularity: 0.7 },
    { name: "Coconut Yogurt", category: "dairy/yogurt", vendor: "palm", attributes: ["plant-based"], popularity: 0.2 },
    { name: "Chips Chili Inferno", category: "snacks/chips", vendor: "fry", attributes: ["spicy"], popularity: 0.9 },
    { name: "Chips Hot Paprika", category: "snacks/chips", vendor: "pan", attributes: ["spicy"], popularity: 0.8 },
    { name: "Chips Salted", category: "snacks/chips", vendor: "salt", popularity: 0.3 },
    { name: "Salsa Verde", category: "snacks/dips", vendor: "fry", attributes: ["spicy"], popularity: 0.9 },
    { name: "Salsa Mild", category: "snacks/dips", vendor: "pan", popularity: 0.1 },
    { name: "Bread Wheat", category: "bakery/bread", vendor: "alm", popularity: 0.8 },
    { name: "Bread Corn", category: "bakery/bread", vendor: "pan", attributes: ["gluten-free"], popularity: 0.3 },
    { name: "Cookies Rice", category: "bakery/cookies", vendor: "palm", attributes: ["gluten-free"] },
    { name: "Pasta Lentil", category: "pantry/pasta", vendor: "salt", attributes: ["gluten-free"] },
    { name: "Strawberries", category: "fruit/berries", vendor: "alm", months: [month] },
    { name: "Strawberries frozen", category: "fruit/berries", vendor: "hill", months: [otherMonth] },
    { name: "Secret Yogurt", category: "dairy/yogurt", vendor: "palm", status: "hidden", popularity: 1 },
    { name: "Gone Yogurt", category: "dairy/yogurt", vendor: "alm", stock: 0, popularity: 1 },
    { name: "Old Yogurt", category: "dairy/yogurt", vendor: "alm", isExpired: true, popularity: 1 },
    { name: "Shady Yogurt", category: "dairy/yogurt", vendor: "shady", popularity: 1 },
  ], ["shady"]);
  const search = callsOf(stack, "search-personalized");
  const tracking = callsOf(stack, "interactions-track");
  const signIn = async (name: string): Promise<Headers> => {
    const userId = await addUser(sql, idOf("user", name));
    return { authorization: `Bearer ${await userToken(stack.signingKey, { userId })}` };
  };
  const visitor = (key: string): Headers => ({ apikey: stack.publishableKey, "x-session-key": key });
  const find = async (who: Headers, q: string, more: Record<string, unknown> = {}) => {
    const { status, body } = await search.ask(who, "POST", { q, ...more });
    assert.equal(status, 200, JSON.stringify(body));
    return body as {
      listId: string;
      hits: Hit[];
      correctedQuery: string | null;
      relaxed: boolean;
      profileVersion: number;
      isPersonal: boolean;
      total: number;
    };
  };
  const track = async (who: Headers, type: string, name: string, more: Record<string, unknown> = {}) => {
    const { status, body } = await tracking.ask(who, "POST", {
      eventId: crypto.randomUUID(),
      type,
      productId: idOf("product", name),
      ...more,
    });
    assert.equal(status, 200, JSON.stringify(body));
  };
  const names = ({ hits }: { hits: readonly Hit[] }) => hits.map(({ product }) => product.name);
  /** The list that was shown is noted after the answer has left; a click names it once it is there. */
  const noted = async (listId: string) => {
    const { waitUntil } = await import("../../local/database/waitUntil.ts");
    const isThere = async () => (await sql`select from personalization.shown_lists where id = ${listId}`).length === 1;
    assert.ok(await waitUntil(isThere, { timeoutMs: 5_000 }));
  };

  await test.step("a click on oat milk puts plant-based yogurt first, and says why", async () => {
    const maria = visitor("session-key-of-maria-0001");
    const before = await find(maria, "yogurt");
    assert.deepEqual(names(before), ["Greek Yogurt", "Fruit Yogurt", "Coconut Yogurt"]);
    assert.deepEqual([before.isPersonal, before.profileVersion], [false, 0]);
    const milk = await find(maria, "milk");
    assert.equal(names(milk)[0], "Whole Milk");
    await noted(milk.listId);
    const position = names(milk).indexOf("Oat Milk") + 1;
    await track(maria, "click", "Oat Milk", { listId: milk.listId, position });
    const after = await find(maria, "yogurt");
    assert.equal(names(after)[0], "Coconut Yogurt", JSON.stringify(after.hits));
    assert.equal(after.hits[0]!.reason, "Because you chose plant-based");
    assert.ok(after.profileVersion > 0);
    const stranger = await find(visitor("session-key-of-stranger-1"), "yogurt");
    assert.deepEqual(stranger.hits, before.hits);
    const plain = await find(maria, "yogurt", { personalize: false });
    assert.deepEqual(plain.hits, before.hits);
  });

  await test.step("who scrolls past what is spicy is not shown it first any more, unless they ask for it", async () => {
    const john = await signIn("john");
    assert.equal(names(await find(john, "chips"))[0], "Chips Chili Inferno");
    for (const name of ["Chips Chili Inferno", "Chips Hot Paprika", "Chips Chili Inferno", "Chips Hot Paprika"]) {
      await track(john, "skipped", name);
    }
    await track(john, "skipped", "Chips Chili Inferno");
    const chips = await find(john, "chips");
    assert.equal(names(chips)[0], "Chips Salted", JSON.stringify(chips.hits));
    assert.deepEqual(chips.hits.map(({ why }) => why.isDisliked), [false, true, true]);
    assert.deepEqual(names(await find(john, "salsa")), ["Salsa Mild", "Salsa Verde"]);
    assert.ok((await find(john, "spicy chips")).hits.every(({ why }) => !why.isDisliked));
  });

  await test.step("who comes back is known, in a new session, and nobody else is", async () => {
    const rita = await signIn("rita");
    const occurredAt = new Date(Date.now() - 6 * day).toISOString();
    for (let time = 0; time < 3; time++) await track(rita, "purchase", "Oat Milk", { occurredAt, quantity: 1 });
    const again = await find(await signIn("rita"), "yogurt");
    assert.equal(names(again)[0], "Coconut Yogurt", JSON.stringify(again.hits));
    assert.equal(names(await find(await signIn("otto"), "yogurt"))[0], "Greek Yogurt");
    assert.deepEqual((await find(rita, "yogurt")).hits, again.hits, "the same question has the same answer");
  });

  await test.step("a diet shows in what was never bought before", async () => {
    const dora = await signIn("dora");
    assert.equal(names(await find(dora, "bread"))[0], "Bread Wheat");
    for (const name of ["Cookies Rice", "Pasta Lentil"]) await track(dora, "purchase", name, { quantity: 1 });
    const { hits } = await find(dora, "bread");
    assert.deepEqual([hits[0]!.product.name, hits[0]!.reason], ["Bread Corn", "Because you chose gluten-free"]);
  });

  await test.step("what is in season comes first, and what is not on sale never comes", async () => {
    const anybody = { apikey: stack.publishableKey };
    assert.deepEqual(names(await find(anybody, "strawberries")), ["Strawberries", "Strawberries frozen"]);
    assert.deepEqual(names(await find(anybody, "strawberries", { filters: { inSeason: true } })), ["Strawberries"]);
    for (const q of ["yogurt", "secret", "shady yogurt", ""]) {
      const found = names(await find(anybody, q, { limit: 100 }));
      assert.ok(found.every((name) => !/Secret|Gone|Old|Shady/.test(name)), found.join());
    }
  });

  await test.step("typos, beginnings and too many words are understood", async () => {
    const anybody = { apikey: stack.publishableKey };
    const typo = await find(anybody, "Yoghrt grek");
    assert.deepEqual([typo.correctedQuery, names(typo)], ["yogurt greek", ["Greek Yogurt"]]);
    assert.equal((await find(anybody, "yog")).total, 3);
    const relaxed = await find(anybody, "greek strawberries");
    assert.deepEqual([relaxed.relaxed, relaxed.total], [true, 3]);
    assert.equal((await find(anybody, "secrt")).correctedQuery, null, "words of hidden products are nobody's meaning");
  });

  await test.step("filters, facets and pages", async () => {
    const { status, body } = await search.ask({ apikey: stack.publishableKey }, "GET", {
      categories: "dairy",
      excludeAttributes: "plant-based",
      facets: "categories,price",
      limit: 2,
      offset: 2,
    });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body.total, body.hits.length], [4, 2]);
    assert.deepEqual(
      body.facets.categories.map(({ value, count }: { value: string; count: number }) => [value, count]),
      [
        ["dairy", 4],
        ["milk", 2],
        ["yogurt", 2],
      ],
    );
    for (
      const bad of [{ limit: 101 }, { offset: 501 }, { q: "x".repeat(201) }, { surprise: 1 }, {
        filters: { minPrice: 5, maxPrice: 1 },
      }]
    ) {
      const answer = await search.ask({ apikey: stack.publishableKey }, "POST", bad);
      assert.deepEqual([answer.status, answer.body.code], [422, "invalid_input"], JSON.stringify(bad));
    }
    assert.equal((await search.ask({}, "POST", { q: "milk" })).status, 401);
  });
});
