import assert from "node:assert/strict";
import { offeredQuantity } from "./offeredQuantity.ts";

Deno.test("whoever buys two is offered two, and one odd purchase does not change it", () => {
  assert.equal(offeredQuantity({ usualQuantity: 2, lastQuantity: 2 }), 2);
  assert.equal(offeredQuantity({ usualQuantity: 1.8, lastQuantity: 2 }), 2);
  assert.equal(offeredQuantity({ usualQuantity: 2, lastQuantity: 12 }), 2);
  assert.equal(offeredQuantity({ usualQuantity: 0.25, lastQuantity: 0.25 }), 0.25);
  assert.equal(offeredQuantity({ usualQuantity: 0.001, lastQuantity: 5 }), 0.01);
});
