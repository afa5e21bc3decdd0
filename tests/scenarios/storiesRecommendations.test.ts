import assert from "node:assert/strict";
import { idOf, stockMarket } from "../integration/recommendationsFixture.ts";
import { addUser } from "../harness/marketOf.ts";
import { testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";
import { callsOf } from "./opsCalls.ts";

/** An item as shoppers read it. */
interface Item {
  readonly product: { readonly id: string; readonly name: string };
  readonly reason: string;
  readonly quantity?: number;
  readonly score: number;
}

const day = 86_400_000;

Deno.test("stories of recommendations, as shoppers live them", async (test) => {
  await using stack = await testStack();
  const { sql } = stack.database;
  await stockMarket(sql, [
    { name: "Whole milk", category: "dairy/milk", vendor: "alm", popularity: 0.9 },
    { name: "Oat milk", category: "dairy/milk", vendor: "mill", attributes: ["plant-based"], popularity: 0.4 },
    { name: "Plant yogurt", category: "dairy/yogurt", vendor: "mill", attributes: ["plant-based"], popularity: 0.2 },
    { name: "Greek yogurt", category: "dairy/yogurt", vendor: "alm", popularity: 0.8 },
    { name: "Sourdough", category: "bakery/bread", vendor: "oven", popularity: 0.7 },
    { name: "Apple cider", category: "drinks/cider", vendor: "orchard", popularity: 0.3 },
    { name: "Old cheese", category: "dairy/cheese", vendor: "alm", isExpired: true, popularity: 1 },
  ]);
  const recommendations = callsOf(stack, "recommendations");
  const feedback = callsOf(stack, "recommendations-feedback");
  const tracking = callsOf(stack, "interactions-track");
  type Headers = Record<string, string>;
  const signIn = async (name: string): Promise<Headers> => {
    const userId = await addUser(sql, idOf("user", name));
    return { authorization: `Bearer ${await userToken(stack.signingKey, { userId })}` };
  };
  const visitor = (key: string): Headers => ({ apikey: stack.publishableKey, "x-session-key": key });
  const ask = async (who: Headers, input: Record<string, unknown>) => {
    const { status, body } = await recommendations.ask(who, "GET", input);
    assert.equal(status, 200, JSON.stringify(body));
    return body as { recommendationId: string; isPersonal: boolean; items: Item[] };
  };
  const track = async (who: Headers, type: string, name: string, daysAgo: number, quantity?: number) => {
    const { status, body } = await tracking.ask(who, "POST", {
      eventId: crypto.randomUUID(),
      type,
      productId: idOf("product", name),
      occurredAt: new Date(Date.now() - daysAgo * day).toISOString(),
      ...(quantity === undefined ? {} : { quantity }),
    });
    assert.equal(status, 200, JSON.stringify(body));
  };
  const namesOf = ({ items }: { items: Item[] }) => items.map(({ product }) => product.name);

  await test.step("bulk: somebody who buys two gallons is offered two", async () => {
    const bea = await signIn("bea");
    await track(bea, "purchase", "Whole milk", 8, 2);
    const { items } = await ask(bea, { kind: "quantity", productId: idOf("product", "Whole milk") });
    assert.deepEqual(items.map(({ quantity, reason }) => [quantity, reason]), [[2, "You usually take 2"]]);
    const stranger = await signIn("stranger");
    assert.deepEqual((await ask(stranger, { kind: "quantity", productId: idOf("product", "Whole milk") })).items, []);
  });

  await test.step("reorder: what is bought every week is offered when a week is over", async () => {
    const rita = await signIn("rita");
    for (const daysAgo of [21, 14, 7]) await track(rita, "purchase", "Sourdough", daysAgo, 1);
    for (const daysAgo of [20, 10, 1]) await track(rita, "purchase", "Whole milk", daysAgo, 1);
    const { items } = await ask(rita, { kind: "reorder" });
    assert.deepEqual(items.map(({ product, reason }) => [product.name, reason]), [
      ["Sourdough", "You buy this about every 7 days"],
    ]);
    assert.ok(!namesOf(await ask(rita, { excludeBought: true })).includes("Sourdough"));
  });

  await test.step("a taste shows across categories, and the returning user's in a new session, too", async () => {
    const vera = await signIn("vera");
    const before = await ask(vera, {});
    assert.equal(before.isPersonal, false);
    assert.ok(namesOf(before).indexOf("Plant yogurt") > namesOf(before).indexOf("Greek yogurt"));
    for (const daysAgo of [6, 5, 4]) await track(vera, "purchase", "Oat milk", daysAgo, 1);
    const after = await ask(await signIn("vera"), {});
    assert.equal(after.isPersonal, true);
    assert.ok(namesOf(after).indexOf("Plant yogurt") < namesOf(after).indexOf("Greek yogurt"), namesOf(after).join());
    const yogurt = after.items.find(({ product }) => product.name === "Plant yogurt");
    assert.equal(yogurt?.reason, "Because you like plant-based");
  });

  await test.step("cold start: a visitor sees what is popular, and never what is not on sale", async () => {
    const anybody = await ask({ apikey: stack.publishableKey }, {});
    assert.deepEqual([anybody.isPersonal, namesOf(anybody)[0], anybody.items[0]!.reason], [
      false,
      "Whole milk",
      "Popular right now",
    ]);
    assert.equal(anybody.items.length, 6);
    for (const kind of ["trending", "discovery"]) {
      assert.ok((await ask({ apikey: stack.publishableKey }, { kind })).items.length > 0);
    }
    assert.deepEqual((await ask({ apikey: stack.publishableKey }, { kind: "reorder" })).items, []);
  });

  await test.step("feedback counts at once, for its own session alone", async () => {
    const [mine, theirs] = [visitor("session-key-of-visitor-one"), visitor("session-key-of-visitor-two")];
    const { recommendationId, items } = await ask(mine, {});
    const input = { recommendationId, productId: items[0]!.product.id, action: "dismiss" };
    const said = await feedback.ask(mine, "POST", input);
    assert.deepEqual([said.status, said.body.dismissed], [200, "dismiss"]);
    assert.deepEqual((await feedback.ask(mine, "POST", input)).body, said.body);
    assert.ok(!namesOf(await ask(mine, {})).includes(items[0]!.product.name));
    assert.ok(namesOf(await ask(theirs, {})).includes(items[0]!.product.name));
    assert.equal((await feedback.ask({ apikey: stack.publishableKey }, "POST", input)).body.code, "invalid_input");
    const unknown = await feedback.ask(mine, "POST", { ...input, recommendationId: crypto.randomUUID() });
    assert.deepEqual([unknown.status, unknown.body.code], [404, "not_found"]);
    const { body } = await feedback.get({ days: 1 });
    const row = body.outcomes.find(({ kind }: { kind: string }) => kind === "for-you");
    assert.ok(row.lists > 0 && row.dismissed === 1, JSON.stringify(body));
    assert.equal((await feedback.ask(mine, "GET")).status, 401, "outcomes are the operator's");
  });

  await test.step("bad questions are refused", async () => {
    const anyone = { apikey: stack.publishableKey };
    for (
      const input of [
        { kind: "fortune" },
        { kind: "similar" },
        { kind: "for-you", productId: idOf("product", "x") },
        {
          limit: 51,
        },
        { timeZone: "Mars/Olympus" },
        { exclude: "not-an-id" },
        { surprise: 1 },
      ]
    ) {
      const { status, body } = await recommendations.ask(anyone, "GET", input);
      assert.deepEqual([status, body.code], [422, "invalid_input"], JSON.stringify(input));
    }
    const gone = await recommendations.ask(anyone, "GET", {
      kind: "similar",
      productId: idOf("product", "Old cheese"),
    });
    assert.deepEqual([gone.status, gone.body.code], [404, "not_found"]);
    assert.equal((await recommendations.ask({}, "GET")).status, 401);
  });
});
