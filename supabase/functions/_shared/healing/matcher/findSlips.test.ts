import assert from "node:assert/strict";
import { findSlips } from "./findSlips.ts";
import { profileNames } from "./nameProfile.ts";

/** Rivals by name, each with the column that had it. */
function slips(keys: readonly string[], columns: readonly string[], rivals: Readonly<Record<string, string>> = {}) {
  const former = profileNames(Object.keys(rivals)).map((name, at) => {
    const target = columns.indexOf(Object.values(rivals)[at]!);
    return { name, target: target < 0 ? undefined : target };
  });
  const found = findSlips(profileNames(keys), profileNames(columns), former);
  return Object.fromEntries([...found].map(([at, place]) => [keys[at], columns[place]]));
}

const columns = ["origin_city", "destination_city", "backup_email", "email", "address_1", "address_2"];

Deno.test("a slip of the keys finds the one name that is near, whatever others there are", () => {
  assert.deepEqual(slips(["oirgin_city", "beackup_email", "emial"], columns), {
    oirgin_city: "origin_city",
    beackup_email: "backup_email",
    emial: "email",
  });
  assert.deepEqual(slips(["OriginCiyt"], columns), { OriginCiyt: "origin_city" });
});

Deno.test("no slip is what is near to two names, has other digits, is short, or is two slips off", () => {
  assert.deepEqual(slips(["adress_1", "address_3", "origin_ctiyy"], columns), {});
  assert.deepEqual(slips(["emai"], ["emal", "email"]), {});
  assert.deepEqual(slips(["totl"], ["tota"]), {});
});

Deno.test("two names of known words are two names", () => {
  assert.deepEqual(slips(["county"], ["country"]), {});
});

Deno.test("two keys for one column are both left alone", () => {
  assert.deepEqual(slips(["oirgin_city", "origin_ciyt"], columns), {});
});

Deno.test("a key that is near to a former name is left alone, unless it is a former name of the same column", () => {
  const right = { oirgin_city: "origin_city" };
  assert.deepEqual(slips(["oirgin_city"], columns, { origins_city: "dropped" }), {});
  assert.deepEqual(slips(["oirgin_city"], columns, { origins_city: "email" }), {});
  assert.deepEqual(slips(["oirgin_city"], columns, { origins_city: "origin_city" }), right);
  assert.deepEqual(slips(["oirgin_city"], columns, { origin_country: "dropped" }), right);
});
