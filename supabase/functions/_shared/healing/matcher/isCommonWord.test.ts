import assert from "node:assert/strict";
import { isCommonWord } from "./isCommonWord.ts";

Deno.test("isCommonWord tells words from slips of the keys", () => {
  for (const word of ["guest", "quest", "prize", "border", "tax"]) assert.equal(isCommonWord(word), true, word);
  for (const slip of ["gueat", "prixe", "bordre", "adress", "qunatity"]) assert.equal(isCommonWord(slip), false, slip);
});
