import assert from "node:assert/strict";
import fc from "fast-check";
import { quoteLiteral } from "./quoteLiteral.ts";

/** Reads one literal as Postgres's lexer does, with `standard_conforming_strings` on or off. */
function readLiteral(source: string, isConforming: boolean): { text: string; rest: string } {
  const start = /^\s*(E?)'/.exec(source);
  assert.ok(start !== null, source);
  const escapes = start[1] === "E" || !isConforming;
  let text = "";
  for (let at = start[0].length; at < source.length; at++) {
    const here = source[at];
    if (here === "'" && source[at + 1] === "'") at++;
    else if (here === "'") return { text, rest: source.slice(at + 1) };
    else if (here === "\\" && escapes) at++;
    text += source[at];
  }
  throw new Error(`The literal never ends: ${source}`);
}

const nasty = fc.string({
  unit: fc.constantFrom(
    "'",
    "\\",
    '"',
    "$",
    "$$",
    "E'",
    ";",
    "--",
    "/*",
    "\n",
    "a",
    "\u00e9",
    "\ud83d\ude00",
    "\u2019",
  ),
});

Deno.test("quoteLiteral: any text reads back as itself, and nothing of it gets out", () => {
  fc.assert(
    fc.property(fc.oneof(nasty, fc.string(), fc.string({ unit: "binary" })), fc.boolean(), (text, conforming) => {
      fc.pre(!text.includes("\u0000"));
      assert.deepEqual(readLiteral(`${quoteLiteral(text)}, rest`, conforming), { text, rest: ", rest" });
    }),
  );
});

Deno.test("quoteLiteral: refuses NUL, which would end the message", () => {
  assert.throws(() => quoteLiteral("a\u0000b"), {
    message: "Cannot quote a text for SQL as it holds a NUL character at 1",
  });
});
