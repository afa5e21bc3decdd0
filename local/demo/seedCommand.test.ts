import assert from "node:assert/strict";
import { parseSeedCommand } from "./seedCommand.ts";

Deno.test("the seed command knows its numbers, and names the flag that is none", () => {
  const { market } = parseSeedCommand(["--products", "1000", "--seed", "7"]);
  assert.deepEqual(market, { vendors: 20, products: 1000, shoppers: 60, days: 60, seed: 7 });
  assert.equal(parseSeedCommand(["--interactions", "5"]).market.interactions, 5);
  for (const bad of ["0", "-1", "many", "1e3", "99999999999"]) {
    assert.throws(() => parseSeedCommand([`--days=${bad}`]), /'--days' must be a whole number/);
  }
});
