import assert from "node:assert/strict";
import { bundleTable, checkBundles } from "../../tools/checkers/checkBundles.ts";
import { measureBundle } from "../../tools/deployment/measureBundle.ts";

const fine = { name: "ops-health", sourceBytes: 1_234, bundleBytes: 2_000_000, loadMs: 250 };

Deno.test("what stays within both limits is fine", () => assert.deepEqual(checkBundles([fine]), []));

Deno.test("a large bundle and a slow load are two problems, with their figures", () => {
  const messages = checkBundles([fine, { ...fine, name: "heavy", bundleBytes: 2_000_001, loadMs: 251 }]);
  assert.deepEqual(messages, [
    { path: "supabase/functions/heavy", message: "Its bundle has 2,000,001 bytes, and 2,000,000 is the most" },
    { path: "supabase/functions/heavy", message: "Its modules load in 251 ms, and 250 ms is the most" },
  ]);
});

Deno.test("the table lines figures up to the right", () => {
  assert.equal(
    bundleTable([fine, { ...fine, name: "x", loadMs: 9 }]),
    [
      "function    upload bytes  bundle bytes  loads in",
      "ops-health         1,234     2,000,000    250 ms",
      "x                  1,234     2,000,000      9 ms",
    ].join("\n"),
  );
});

Deno.test("measures what a function imports on the real Deno 2.1.4: its own files and its packages", async () => {
  const entrypoint = "supabase/functions/slow/index.ts";
  const slow = "await new Promise((resolve) => setTimeout(resolve, 500));\n";
  const files = new Map([
    ["import_map.json", JSON.stringify({ imports: { postgres: "npm:postgres@3.4.9" } })],
    [
      entrypoint,
      `import postgres from "postgres";\nimport "../_shared/slow.ts";\nexport default { fetch: () => postgres };\n`,
    ],
    ["supabase/functions/_shared/slow.ts", slow],
  ]);
  const bundle = await measureBundle({ name: "slow", files, entrypoint, importMap: "import_map.json" }, { loads: 1 });
  assert.ok(bundle.bundleBytes > 50_000 && bundle.bundleBytes < 500_000, `${bundle.bundleBytes} bytes`);
  assert.equal(checkBundles([bundle]).length, 1);
  // Less than what was waited: the time in which other processes had the processor does not count.
  assert.ok(bundle.loadMs > 300 && bundle.loadMs < 1_500, `${bundle.loadMs} ms`);
  assert.match(checkBundles([bundle])[0]!.message, /^Its modules load in \d+ ms/);
});
