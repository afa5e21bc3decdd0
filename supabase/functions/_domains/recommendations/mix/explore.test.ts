import assert from "node:assert/strict";
import fc from "fast-check";
import { explore } from "./explore.ts";
import type { Scored } from "./scored.ts";

const scored = (id: string, score: number): Scored => {
  const lead = { source: "discovery", strength: 1, because: undefined } as const;
  const candidate = {
    id,
    categoryId: "c",
    vendorId: "v",
    found: [lead],
    traits: [],
    weights: [],
    popularity: 0,
    isInSeason: false,
    habit: undefined,
  };
  return { candidate, score, lead, taste: { score: 0, reasons: [] } };
};

Deno.test("at most a fifth of a row is known, whatever it scores, and all that is new stays", () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), fc.integer({ min: 1, max: 50 }), fc.string(), (known, fresh, limit, seed) => {
      const all = [
        ...Array.from({ length: known }, (_, at) => scored(`known${at}`, 1)),
        ...Array.from({ length: fresh }, (_, at) => scored(`new${at}`, 0.2)),
      ];
      const isKnown = ({ id }: { id: string }) => id.startsWith("known");
      const row = explore(all, { seed, limit, isKnown });
      assert.equal(row.filter(({ candidate }) => isKnown(candidate)).length, Math.min(known, Math.floor(limit / 5)));
      assert.equal(row.filter(({ candidate }) => !isKnown(candidate)).length, fresh);
    }),
  );
});

Deno.test("the same day gives the same order, another day another one, and chance never beats a clear lead", () => {
  const all = Array.from({ length: 20 }, (_, at) => scored(`p${at}`, 0.4));
  const order = (seed: string) =>
    explore([...all, scored("best", 0.9)], { seed, limit: 10, isKnown: () => false }).map(({ candidate }) =>
      candidate.id
    );
  assert.deepEqual(order("vera 2026-11-26"), order("vera 2026-11-26"));
  assert.notDeepEqual(order("vera 2026-11-26"), order("vera 2026-11-27"));
  for (let day = 1; day <= 28; day++) assert.equal(order(`vera 2026-11-${day}`)[0], "best");
});
