import assert from "node:assert/strict";
import { addCases, type CasePlace, judgeTraining, noTests } from "./judgeTraining.ts";

const places = (place: number | null, count: number, at = "2026-11-20"): CasePlace[] =>
  Array.from({ length: count }, (_, no) => ({ no, wanted_at: new Date(at), place }));
const options = { leastCases: 30, hasActive: true, products: 100 } as const;
const activeSince = new Date("2026-11-10");

Deno.test("a version goes live if it is not worse than popularity and the active one", () => {
  const test = (fresh: number | null, popularity: number | null, active: number | null) =>
    judgeTraining(
      addCases(noTests, {
        fresh: places(fresh, 40),
        popularity: places(popularity, 40),
        active: places(active, 40),
        activeSince,
      }),
      options,
    );
  assert.equal(test(1, 3, 1).reason, "better");
  assert.equal(test(1, 3, 1).metrics.ndcg, 1);
  assert.equal(test(2, 3, 1).reason, "worse_than_active");
  assert.equal(test(3, 1, 3).reason, "worse_than_popularity");
  assert.ok(!test(2, 3, 1).isGood);
});

Deno.test("what the active one may have seen in its training does not count for it", () => {
  const fresh = places(2, 40, "2026-11-01");
  const sums = addCases(noTests, {
    fresh,
    popularity: places(3, 40),
    active: places(1, 40, "2026-11-01"),
    activeSince,
  });
  assert.equal(judgeTraining(sums, options).reason, "better");
  assert.equal(sums.newCases, 0);
});

Deno.test("with too few cases only a first version goes live, and never one without products", () => {
  const sums = addCases(noTests, { fresh: places(1, 5), popularity: places(1, 5), active: [], activeSince: undefined });
  assert.equal(judgeTraining(sums, options).isGood, false);
  assert.equal(judgeTraining(sums, { ...options, hasActive: false }).isGood, true);
  assert.equal(judgeTraining(noTests, { ...options, hasActive: false, products: 0 }).reason, "nothing_to_learn");
});

Deno.test("chunks add up to the whole", () => {
  const one = { fresh: places(1, 3), popularity: places(2, 3), active: places(4, 3), activeSince };
  const twice = addCases(addCases(noTests, one), one);
  const whole = addCases(noTests, {
    fresh: places(1, 6),
    popularity: places(2, 6),
    active: places(4, 6),
    activeSince,
  });
  for (const key of Object.keys(whole) as (keyof typeof whole)[]) {
    assert.ok(Math.abs(twice[key] - whole[key]) < 1e-9, key);
  }
});
