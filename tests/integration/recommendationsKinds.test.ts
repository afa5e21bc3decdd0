import assert from "node:assert/strict";
import { recommendFor } from "../../supabase/functions/_domains/recommendations/recommendFor.ts";
import type { RecommendationRequest } from "../../supabase/functions/_domains/recommendations/recommendationRequest.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { publishable } from "./dbFixture.ts";
import {
  addHabit,
  addShopper,
  idOf,
  recommendingFor,
  type ShelfProduct,
  stockMarket,
  teach,
} from "./recommendationsFixture.ts";

const market: ShelfProduct[] = [
  { name: "Whole milk", category: "dairy/milk", vendor: "alm", popularity: 0.9 },
  { name: "Oat milk", category: "dairy/milk", vendor: "mill", attributes: ["plant-based"], popularity: 0.4 },
  { name: "Soy yogurt", category: "dairy/yogurt", vendor: "mill", attributes: ["plant-based"], popularity: 0.1 },
  { name: "Greek yogurt", category: "dairy/yogurt", vendor: "alm", popularity: 0.8 },
  { name: "Sourdough", category: "bakery/bread", vendor: "oven", popularity: 0.7, trend: 0.6 },
  { name: "Rye bread", category: "bakery/bread", vendor: "oven", popularity: 0.2 },
  { name: "Chili chips", category: "snacks/chips", vendor: "crisp", attributes: ["spicy"], popularity: 1 },
  { name: "Salt chips", category: "snacks/chips", vendor: "crisp", popularity: 0.5 },
  { name: "Old cheese", category: "dairy/cheese", vendor: "alm", isExpired: true, popularity: 1 },
  { name: "Sold-out cheese", category: "dairy/cheese", vendor: "alm", stock: 0, popularity: 1 },
];

Deno.test("each kind answers its own question", async (test) => {
  await using database = await testDatabase();
  const { sql } = database;
  await stockMarket(sql, market);
  const vera = await addShopper(sql, "vera");
  await teach(sql, vera, { "attribute:plant-based": 2, "category:milk": 0.5, "attribute:spicy": -2 });
  await addHabit(sql, vera, "Oat milk", { quantity: 2, intervalDays: 7, daysSince: 8 });
  await addHabit(sql, vera, "Sourdough", { intervalDays: 30, daysSince: 2 });
  await using shop = recommendingFor(database);
  const asked = async (request: RecommendationRequest, caller: Parameters<typeof shop.as>[0] = vera) => {
    const { items, ...rest } = await recommendFor(shop.as(caller), undefined, request);
    return { ...rest, items, names: items.map(({ product }) => product.name) };
  };

  await test.step("for-you: what is liked comes first and says so; what is disliked does not come", async () => {
    const { names, items, isPersonal } = await asked({ kind: "for-you" });
    assert.ok(isPersonal);
    assert.ok(names.indexOf("Soy yogurt") < names.indexOf("Greek yogurt"), names.join());
    assert.ok(!names.includes("Chili chips"), "spicy, which is disliked");
    const soy = items.find(({ product }) => product.name === "Soy yogurt");
    assert.equal(soy?.reason, "Because you like plant-based");
    const scores = items.map(({ score }) => score);
    assert.deepEqual(scores, scores.toSorted((a, b) => b - a));
    assert.deepEqual((await asked({ kind: "for-you" })).names, names, "the same again");
  });

  await test.step("for-you for nobody: what everybody likes, and it says that it is not personal", async () => {
    const { names, isPersonal, items } = await asked({ kind: "for-you" }, publishable);
    assert.equal(isPersonal, false);
    assert.equal(names[0], "Chili chips");
    assert.ok(items.every(({ reason, quantity }) => reason === "Popular right now" && quantity === undefined));
    assert.equal(names.length, 8);
  });

  await test.step("reorder: what is due, with the usual quantity", async () => {
    const { items } = await asked({ kind: "reorder" });
    assert.deepEqual(items.map(({ product, quantity, reason }) => [product.name, quantity, reason]), [
      ["Oat milk", 2, "You buy this about every 7 days"],
    ]);
    assert.deepEqual((await asked({ kind: "reorder" }, publishable)).items, []);
  });

  await test.step("quantity: as many as usual, of the like of it, too", async () => {
    const quantity = async (name: string) =>
      (await asked({ kind: "quantity", productIds: [idOf("product", name)] })).items
        .map(({ quantity, reason }) => [quantity, reason]);
    assert.deepEqual(await quantity("Oat milk"), [[2, "You usually take 2"]]);
    assert.deepEqual(await quantity("Whole milk"), [[2, "You usually take 2"]]);
    assert.deepEqual(await quantity("Salt chips"), []);
  });

  await test.step("similar: the same kind of thing first, and never the thing itself", async () => {
    const { names, items } = await asked({ kind: "similar", productIds: [idOf("product", "Oat milk")] }, publishable);
    assert.deepEqual([...names].sort(), ["Soy yogurt", "Whole milk"]);
    assert.equal(items[0]?.reason, "Similar to Oat milk");
    await assert.rejects(asked({ kind: "similar", productIds: [idOf("product", "Old cheese")] }), {
      code: "not_found",
    });
    await assert.rejects(asked({ kind: "similar", productIds: [crypto.randomUUID()] }), { code: "not_found" });
  });

  await test.step("bought-together: from orders at once, from associations where they are", async () => {
    await sql`insert into public.customers (id) values (${vera})`;
    for (const vendor of ["oven", "alm"]) {
      await sql`insert into public.orders (id, customer_id, vendor_id, total)
        values (${idOf("order", vendor)}, ${vera}, ${idOf("vendor", vendor)}, 3)`;
    }
    await sql`insert into public.order_items (order_id, product_id, quantity, unit_price) values
      (${idOf("order", "oven")}, ${idOf("product", "Sourdough")}, 1, 3),
      (${idOf("order", "alm")}, ${idOf("product", "Whole milk")}, 1, 3)`;
    const together = () => asked({ kind: "bought-together", productIds: [idOf("product", "Sourdough")] }, publishable);
    const { items } = await together();
    assert.deepEqual(items.map(({ product, reason }) => [product.name, reason]), [
      ["Whole milk", "Often bought with Sourdough"],
    ]);
    await sql`insert into recommendations.associations (product_id, other_id, orders, confidence, lift)
      values (${idOf("product", "Sourdough")}, ${idOf("product", "Salt chips")}, 9, 0.9, 12)`;
    assert.equal((await together()).names[0], "Salt chips");
  });

  await test.step("trending: what is on the rise, then what is popular", async () => {
    const { items } = await asked({ kind: "trending" }, publishable);
    assert.deepEqual([items[0]?.product.name, items[0]?.reason], ["Sourdough", "More and more people want this"]);
  });

  await test.step("the model: what those want who want what the shopper wants", async () => {
    await sql`insert into recommendations.item_models (status, activated_at) values ('active', now())`;
    await sql`insert into recommendations.neighbours (version, product_id, neighbour_ids, weights)
      values (1, ${idOf("product", "Oat milk")}, ${[idOf("product", "Rye bread")]}, '{0.9}')`;
    const { items, model } = await asked({ kind: "for-you" });
    assert.deepEqual(model, { version: 1 });
    const rye = items.find(({ product }) => product.name === "Rye bread");
    assert.deepEqual([rye?.source, rye?.reason], ["model", "Because of your interest in Oat milk"]);
  });

  await test.step("peers: who is new is shown what those like who shop like them", async () => {
    const nils = await addShopper(sql, "nils");
    await sql`insert into personalization.segments (subject_id, behaviour, since, review_at)
      values (${nils}, 'new', now(), now() + interval '14 days')`;
    await sql`insert into personalization.segment_favourites (segment, product_id, score, subjects) values
      ('behaviour:new', ${idOf("product", "Rye bread")}, 3, 9), ('behaviour:bulk', ${
      idOf("product", "Salt chips")
    }, 9, 9)`;
    const { items } = await asked({ kind: "for-you" }, nils);
    assert.deepEqual([items[0]?.product.name, items[0]?.reason], ["Rye bread", "Liked by people who shop like you"]);
  });

  await test.step("the moment: what the shopper wants at such times of their day gains, where they say where they are", async () => {
    const scoreOf = async (timeZone?: string) =>
      (await asked({ kind: "for-you", timeZone })).items.find(({ product }) => product.name === "Greek yogurt")!.score;
    const before = await scoreOf("Asia/Tokyo");
    await sql`
      insert into personalization.moment_patterns (subject_id, moment, category_id, share, usual, lift, events)
      select ${vera}, 'daypart:' || part, ${idOf("category", "yogurt")}, 0.5, 0.25, 2, 8
      from unnest('{morning,midday,evening,night}'::text[]) part`;
    assert.ok(await scoreOf("Asia/Tokyo") > before);
    assert.equal(await scoreOf(), before);
  });

  await test.step("what was sent back is not offered again, until it is bought again", async () => {
    const rita = await addShopper(sql, "rita");
    await addHabit(sql, rita, "Salt chips", { daysSince: 7 });
    const event = (signal: string, strength: number, daysAgo: number) =>
      sql`insert into personalization.interactions (event_id, occurred_at, subject_id, signal, product_id, strength, raw)
        values (gen_random_uuid(), now() - make_interval(days => ${daysAgo}), ${rita}, ${signal},
          ${idOf("product", "Salt chips")}, ${strength}, '{}')`;
    const isOffered = async (kind: "for-you" | "reorder") => (await asked({ kind }, rita)).names.includes("Salt chips");
    assert.deepEqual([await isOffered("for-you"), await isOffered("reorder")], [true, true]);
    await event("returned", -0.8, 5);
    assert.deepEqual([await isOffered("for-you"), await isOffered("reorder")], [false, false]);
    await event("repeat_purchase", 1, 4);
    assert.deepEqual([await isOffered("for-you"), await isOffered("reorder")], [true, true]);
  });

  await test.step("filters: a vendor, products on the page already, what was bought before", async () => {
    const { names } = await asked({ kind: "for-you", vendorId: idOf("vendor", "mill") });
    assert.deepEqual([...names].sort(), ["Oat milk", "Soy yogurt"]);
    const without = await asked({ kind: "for-you", excludeBought: true, exclude: [idOf("product", "Soy yogurt")] });
    for (const name of ["Oat milk", "Sourdough", "Whole milk", "Soy yogurt"]) {
      assert.ok(!without.names.includes(name), name);
    }
    assert.ok(without.names.includes("Greek yogurt"));
  });

  await test.step("who opted out is nobody", async () => {
    await sql`update personalization.subjects set opted_out_at = now() where id = ${vera}`;
    const { isPersonal, names } = await asked({ kind: "for-you" });
    assert.deepEqual([isPersonal, names[0]], [false, "Chili chips"]);
    assert.deepEqual((await asked({ kind: "reorder" })).items, []);
  });
});
