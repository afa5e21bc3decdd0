import assert from "node:assert/strict";
import { isSlip } from "./isSlip.ts";
import { profileNames } from "./nameProfile.ts";

const slip = (a: string, b: string) => isSlip(...profileNames([a, b]) as [never, never]);

Deno.test("isSlip forgives one edit, and two in a long name", () => {
  for (const [a, b] of [["frist_name", "first_name"], ["adress", "address"], ["IS_ATCIVE", "is_active"]] as const) {
    assert.equal(slip(a, b), true, `${a}, ${b}`);
  }
});

Deno.test("isSlip holds other words and other numbers apart", () => {
  const pairs = [
    ["county", "country"],
    ["address1", "address2"],
    ["id", "it"],
    ["prce", "total"],
    ["guest_email", "quest_email"],
    ["x_kdnr_prize", "x_kdnr_price"],
  ] as const;
  for (const [a, b] of pairs) {
    assert.equal(slip(a, b), false, `${a}, ${b}`);
  }
});
