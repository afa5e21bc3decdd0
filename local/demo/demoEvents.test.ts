import assert from "node:assert/strict";
import { demoCatalog, type DemoProduct } from "./demoCatalog.ts";
import { type DemoEvent, demoEvents } from "./demoEvents.ts";
import { plantedTaste } from "./demoTastes.ts";

const catalog = demoCatalog({ vendors: 4, products: 400, seed: 5 });
const stock = new Map<string, DemoProduct[]>();
for (const product of catalog.products) {
  stock.set(product.shelf.slug, [...stock.get(product.shelf.slug) ?? [], product]);
}
const options = { seed: 5, shoppers: 120, days: 60, interactions: 12_000, untilMs: Date.UTC(2026, 8, 1), stock };
const events = [...demoEvents(options)];

Deno.test("the same seed gives the same market, another seed another one", () => {
  const brief = ({ shopper, atMs, signal, product }: DemoEvent) => [shopper, atMs, signal, product.id];
  assert.deepEqual([...demoEvents(options)].map(brief), events.map(brief));
  const other = [...demoEvents({ ...options, seed: 6 })].map(brief);
  assert.notDeepEqual(other.slice(0, 50), events.slice(0, 50).map(brief));
  assert.deepEqual(demoCatalog({ vendors: 4, products: 400, seed: 5 }), catalog);
});

Deno.test("about as many events as were asked for, each shopper's in order and in time", () => {
  assert.ok(events.length > 9_000 && events.length < 15_000, `${events.length}`);
  let last: DemoEvent | undefined;
  for (const event of events) {
    assert.ok(event.atMs <= options.untilMs && event.atMs >= options.untilMs - 61 * 86_400_000);
    if (last?.shopper === event.shopper) assert.ok(event.shopper >= last.shopper);
    last = event;
  }
});

Deno.test("planted tastes show: those who avoid spicy buy next to none of it, those who seek heat most of it", () => {
  const share = (name: string, attribute: string) => {
    const bought = events.filter(({ shopper, signal }) =>
      plantedTaste(5, shopper).name === name && signal.endsWith("purchase")
    );
    return bought.filter(({ product }) => product.attributes.includes(attribute)).length / bought.length;
  };
  assert.ok(share("spicy-averse", "spicy") < 0.02);
  assert.ok(share("heat-seeker", "spicy") > 0.2);
  assert.ok(share("plant-based", "plant-based") > 3 * share("bargain", "plant-based"));
});

Deno.test("planted moments show: bread is for breakfast, and juice for hot days", () => {
  const share = (slug: string, isThen: (event: DemoEvent) => boolean) => {
    const then = events.filter(isThen);
    return then.filter(({ product }) => product.shelf.slug === slug).length / then.length;
  };
  const isBreakfast = ({ context }: DemoEvent) => context.meal === "breakfast";
  const isHot = ({ context }: DemoEvent) => context.weather === "hot";
  assert.ok(share("bread", isBreakfast) > 2 * share("bread", (event) => !isBreakfast(event)));
  assert.ok(share("juice", isHot) > 1.3 * share("juice", (event) => !isHot(event)));
});
