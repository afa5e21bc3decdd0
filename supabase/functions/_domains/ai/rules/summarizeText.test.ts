import assert from "node:assert/strict";
import { summarizeText } from "./summarizeText.ts";

const text =
  "Good morning. The shoes are light. The shoes are warm, and these shoes last! Who knew? Delivery was late.";

Deno.test("the sentences that say most are kept, in their order", () => {
  assert.equal(summarizeText(text, 1), "The shoes are light.");
  assert.equal(summarizeText(text, 2), "The shoes are light. The shoes are warm, and these shoes last!");
});

Deno.test("what is short stays as it is, and nothing is nothing", () => {
  assert.equal(summarizeText("One. Two", 3), "One. Two");
  assert.equal(summarizeText(" \n", 3), "");
  assert.equal(summarizeText("a b c\nd e f", 1), "a b c");
});
