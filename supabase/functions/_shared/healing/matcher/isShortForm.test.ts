import assert from "node:assert/strict";
import { isShortForm } from "./isShortForm.ts";
import { profileNames } from "./nameProfile.ts";

const isShort = (a: string, b: string) => isShortForm(...profileNames([a, b]) as [never, never]);

Deno.test("isShortForm takes known short words, first letters, and consonants", () => {
  for (
    const [a, b] of [
      ["acct_name", "account_name"],
      ["contactPh", "contact_phone"],
      ["prefs", "preferences"],
      ["supp_cd", "supplier_code"],
      ["dlvry_dt", "delivery_date"],
    ] as const
  ) assert.equal(isShort(a, b), true, `${a}, ${b}`);
});

Deno.test("isShortForm is not taken in by other words, fewer words, or the same ones", () => {
  for (
    const [a, b] of [
      ["plan_name", "planet_name"],
      ["acct", "account_name"],
      ["account_name", "account_name"],
      ["account_name", "acct_name"],
      ["acct_id", "account_no"],
    ] as const
  ) assert.equal(isShort(a, b), false, `${a}, ${b}`);
});
