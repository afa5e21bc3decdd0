import assert from "node:assert/strict";
import fc from "fast-check";
import { conventionKey } from "./conventionKey.ts";
import { matchByConvention } from "./matchByConvention.ts";

Deno.test("all conventions of a name are one", () => {
  const spellings = ["userID", "UserId", "user_id", "user-id", "USER_ID", "User ID", "userid", "user__id"];
  assert.deepEqual([...new Set(spellings.map(conventionKey))], ["userid"]);
  assert.equal(conventionKey("HTTPStatus2Code"), conventionKey("http_status_2_code"));
  assert.equal(conventionKey("caf\u00e9Name"), conventionKey("cafe\u0301_name"));
});

Deno.test("what tells names apart stays", () => {
  for (const [one, other] of [["_id", "id"], ["line_1_2", "line_12"], ["a-", "a"], ["-1", "1"], ["price$", "price"]]) {
    assert.notEqual(conventionKey(one!), conventionKey(other!), `${one} and ${other}`);
  }
});

Deno.test("keys find their column", () => {
  const matches = matchByConvention(["userID", "HTTPStatus", "line 1", "total"], [
    "user_id",
    "http_status",
    "line1",
    "total",
  ]);
  assert.deepEqual([...matches], [["userID", "user_id"], ["HTTPStatus", "http_status"], ["line 1", "line1"]]);
});

Deno.test("twins abstain, on either side", () => {
  assert.equal(matchByConvention(["userId", "user-id"], ["user_id"]).size, 0);
  assert.equal(matchByConvention(["userid"], ["user_id", "userId"]).size, 0);
  assert.equal(matchByConvention(["userId", "user_id"], ["user_id"]).size, 0, "the column is held by its own key");
  assert.equal(matchByConvention(["userId"], ["user_id", "userId"]).size, 0, "the key is a column as it stands");
});

Deno.test("matches are one to one, between names that are one, whatever the order", () => {
  const name = fc.stringMatching(/^[aA_]{1,3}[bB1_-]{1,3}$/);
  const names = fc.uniqueArray(name, { maxLength: 12 });
  fc.assert(
    fc.property(names, names, (keys, columns) => {
      const matches = matchByConvention(keys, columns);
      assert.equal(new Set(matches.values()).size, matches.size);
      for (const [key, column] of matches) {
        const isTwin = (other: string) => conventionKey(other) === conventionKey(key);
        assert.deepEqual([keys.filter(isTwin), columns.filter(isTwin)], [[key], [column]]);
        assert.notEqual(key, column);
      }
      const reversed = matchByConvention(keys.toReversed(), columns.toReversed());
      assert.deepEqual(new Map([...reversed].sort()), new Map([...matches].sort()));
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("any spelling of a column that stands alone finds it", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{2,6}$/), { minLength: 1, maxLength: 4 });
  const spell = [
    (words: string[]) => words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join(""),
    (words: string[]) => words.join("-"),
    (words: string[]) => words.join("_").toUpperCase(),
    (words: string[]) => words.join(" "),
    (words: string[]) => words.map((word, at) => at === 0 ? word : word.toUpperCase()).join(""),
  ];
  fc.assert(
    fc.property(words, fc.constantFrom(...spell), (words, spell) => {
      const column = words.join("_");
      const key = spell(words);
      assert.equal(matchByConvention([key], [column, "zzzzzzz"]).get(key) ?? key, column);
    }),
    { numRuns: 3_000 },
  );
});
