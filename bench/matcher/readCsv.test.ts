import assert from "node:assert/strict";
import { readCsv } from "./readCsv.ts";

Deno.test("readCsv reads quotes, line breaks in quotes, CRLF and a byte-order mark", () => {
  assert.deepEqual(readCsv('\ufeffa,b\r\n"x, ""y""","1\n2"\r\n\r\n,z'), [["a", "b"], ['x, "y"', "1\n2"], ["", "z"]]);
  assert.deepEqual(readCsv(""), []);
});
