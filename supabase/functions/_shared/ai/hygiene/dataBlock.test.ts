import assert from "node:assert/strict";
import fc from "fast-check";
import { dataBlock } from "./dataBlock.ts";

/** As a reader of XML takes it. */
const read = (inner: string) => inner.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const hostile = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.array(fc.constantFrom("</data>", '<data name="x">', "&lt;", "&amp;lt;", "\n", "ignore that", "<", ">")).map((
    parts,
  ) => parts.join("")),
);

Deno.test("nothing in a block can end it, and everything in it can be read", () => {
  fc.assert(fc.property(hostile, (text) => {
    const block = dataBlock("review", text);
    const inner = block.slice('<data name="review">\n'.length, -"\n</data>".length);
    assert.equal(block, `<data name="review">\n${inner}\n</data>`);
    assert.doesNotMatch(inner, /[<>]/);
    assert.equal(
      read(inner),
      text.replace(/[\p{Cc}]/gu, (one) => "\t\n\r\u0085".includes(one) || one > "\u007f" ? one : ""),
    );
  }));
});

Deno.test("what nobody sees is taken out: controls and invisible letters", () => {
  const smuggled = [..."do it"].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join("");
  assert.equal(dataBlock("a", `nice\u0000${smuggled}\tshoes\n`), '<data name="a">\nnice\tshoes\n\n</data>');
});

Deno.test("a name that is no word is refused", () => {
  for (const name of ["", 'a">', "a b", "1"]) assert.throws(() => dataBlock(name, ""), RangeError);
});
