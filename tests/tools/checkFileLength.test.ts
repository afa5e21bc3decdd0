import assert from "node:assert/strict";
import { checkFileLength, lengthReport } from "../../tools/checkers/checkFileLength.ts";

const lines = (count: number) => "x;\n".repeat(count);

Deno.test("400 lines are the most for a file, 25 for an entry", () => {
  const tree = new Map([
    ["local/long.ts", lines(401)],
    ["local/fits.ts", lines(400)],
    ["supabase/functions/ops-health/index.ts", lines(26)],
    ["supabase/functions/ops-flags/index.ts", lines(25)],
    ["supabase/functions/_shared/http/index.ts", lines(26)],
    ["supabase/functions/ops-openapi/openapiDocument.ts", lines(5_000)],
    ["docs/long.md", lines(5_000)],
  ]);
  assert.deepEqual(checkFileLength(tree).map(({ path }) => path), [
    "local/long.ts",
    "supabase/functions/ops-health/index.ts",
  ]);
});

Deno.test("the report tells the median and the longest", () => {
  const tree = new Map([["a.ts", lines(1)], ["b.ts", lines(80)], ["c.sql", lines(300)], ["c.test.ts", lines(399)]]);
  assert.equal(lengthReport(tree).trim(), "3 source files, median 80 lines, longest 300 (c.sql)");
});
