import assert from "node:assert/strict";
import { StreamPlaces } from "./streamPlaces.ts";

const codeOf = (take: () => unknown) => {
  try {
    take();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "taken";
};

Deno.test("an isolate holds so many streams, one shopper fewer, and a place that is left is free again, once", () => {
  const places = new StreamPlaces({ most: 3, mostOfOne: 2 });
  const leave = places.take("ann");
  places.take("ann");
  assert.equal(codeOf(() => places.take("ann")), "rate_limited");
  places.take("bob");
  assert.equal(codeOf(() => places.take("eve")), "overloaded");
  leave();
  leave();
  assert.equal(codeOf(() => places.take("eve")), "taken");
  assert.equal(codeOf(() => places.take("bob")), "overloaded");
});
