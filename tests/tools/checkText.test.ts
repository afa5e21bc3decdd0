import assert from "node:assert/strict";
import { checkText } from "../../tools/checkers/checkText.ts";

function messages(path: string, text: string): string[] {
  return checkText(new Map([[path, text]])).map(({ message }) => message);
}

Deno.test("ASCII code, prose in any script, and files of words that say so are fine", () => {
  assert.deepEqual(messages("local/a.ts", 'const a = "\\u00e9";\t// fine\r\n'), []);
  assert.deepEqual(messages("docs/a.md", "na\u00efve"), []);
  assert.deepEqual(messages("local/a.ts", '// deno-lint-ignore-file prefer-ascii -- words are the data\n"\u4ef7"'), []);
  assert.deepEqual(messages("local/a.ts", 'join(home, "work/main"); get("https://example.com/home/x/y")'), []);
});

Deno.test("the first odd character of a file is named with its line", () => {
  assert.deepEqual(messages("supabase/migrations/a.sql", "select 1;\n-- caf\u00e9 \u2014\n"), [
    "Line 2 holds U+00E9, but code is ASCII: write it as an escape",
  ]);
});

Deno.test("paths of one machine and registry hosts are refused, in prose too", () => {
  const home = ["", "home", "ann", "ballast"].join("/");
  const host = ["registry", "npmjs", "org"].join(".");
  for (const text of [`cd ${home}`, `open("${home}")`, `get https://${host}/zod`, ["", "root", ".cache"].join("/")]) {
    assert.equal(messages("docs/a.md", text).length, 1, text);
  }
});
