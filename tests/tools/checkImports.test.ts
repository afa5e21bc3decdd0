import assert from "node:assert/strict";
import { join } from "node:path";
import { checkImports, importsChecker } from "../../tools/checkers/checkImports.ts";
import type { ModuleGraph } from "../../tools/graph/moduleGraph.ts";

const functions = "supabase/functions";

/** A graph of `from -> to`; a leading `type ` makes the import type-only. */
function graph(...lines: string[]): ModuleGraph {
  const edges = lines.map((line) => {
    const isTypeOnly = line.startsWith("type ");
    const [from, to] = line.replace(/^type /, "").split(" -> ") as [string, string];
    return { from, to, specifier: to, line: 1, isLocal: true, isTypeOnly };
  });
  return { files: [], edges, errors: [] };
}

function messages(...lines: string[]): string[] {
  return checkImports(graph(...lines)).map(({ path, message }) => `${path}: ${message}`);
}

Deno.test("what the table of the house allows is allowed", () => {
  assert.deepEqual(
    messages(
      `${functions}/_shared/time/sleep.ts -> ${functions}/_shared/errors/appError.ts`,
      `${functions}/_shared/http/cors.ts -> ${functions}/_shared/time/clock.ts`,
      `${functions}/_domains/search/rank.ts -> ${functions}/_domains/search/score.ts`,
      `${functions}/_domains/search/rank.ts -> ${functions}/_domains/commerce/ports.ts`,
      `${functions}/_domains/search/rank.ts -> ${functions}/_shared/db/database.ts`,
      `${functions}/search/index.ts -> ${functions}/_domains/search/rank.ts`,
      `${functions}/search/index.ts -> ${functions}/_shared/http/defineFunction.ts`,
      `${functions}/search/index.ts -> ${functions}/search/contract.ts`,
      `${functions}/_shared/http/cors.test.ts -> tests/harness/fakeClock.ts`,
      `local/start.ts -> ${functions}/search/index.ts`,
      `tools/generate.ts -> tests/harness/testServer.ts`,
    ),
    [],
  );
});

const bad: [string, RegExp][] = [
  [`${functions}/_shared/time/clock.ts -> ${functions}/_shared/db/database.ts`, /import only each other/],
  [`${functions}/_shared/errors/appError.ts -> ${functions}/_shared/errorTable.ts`, /import only each other/],
  [`${functions}/_shared/http/cors.ts -> ${functions}/_domains/ops/health.ts`, /_shared may import only _shared/],
  [`${functions}/_shared/http/cors.ts -> ${functions}/search/index.ts`, /_shared may import only _shared/],
  [`${functions}/_domains/search/rank.ts -> ${functions}/_domains/commerce/cart.ts`, /ports\.ts of other domains/],
  [`${functions}/_domains/search/rank.ts -> ${functions}/search/index.ts`, /_domains\/search may import only/],
  [`${functions}/search/index.ts -> ${functions}/other/index.ts`, /a function may import only/],
  [`${functions}/search/index.ts -> local/start.ts`, /nothing under supabase/],
  [`${functions}/_shared/http/cors.ts -> tools/print.ts`, /nothing under supabase/],
  [`${functions}/_domains/ops/health.ts -> tests/harness/fakeClock.ts`, /nothing under supabase/],
];

for (const [line, expected] of bad) {
  Deno.test(`refuses ${line}, as a value and as a type`, () => {
    for (const each of [line, `type ${line}`]) {
      const found = messages(each);
      assert.equal(found.length, 1);
      assert.match(found[0]!, expected);
    }
  });
}

Deno.test("refuses a function that stands on two domains", () => {
  const found = messages(
    `${functions}/search/index.ts -> ${functions}/_domains/search/rank.ts`,
    `${functions}/search/index.ts -> ${functions}/_domains/commerce/ports.ts`,
  );
  assert.deepEqual(found, [`${functions}/search: Imports 2 domains (commerce, search), but a function has one`]);
});

Deno.test("finds a cycle made of types, and shows one way round it", () => {
  const found = messages("local/a.ts -> local/b.ts", "type local/b.ts -> local/c.ts", "type local/c.ts -> local/a.ts");
  assert.deepEqual(found, ["local/a.ts: Is part of a cycle: local/a.ts -> local/b.ts -> local/c.ts -> local/a.ts"]);
});

Deno.test("reads a real tree: dynamic imports, types, and imports that lead nowhere", async () => {
  const root = await Deno.makeTempDir();
  try {
    const files: Record<string, string> = {
      "deno.json": `{ "importMap": "./import_map.json" }`,
      "import_map.json": `{ "imports": { "zod": "npm:zod@4.6.7" } }`,
      [`${functions}/_shared/http/door.ts`]:
        `import * as z from "zod";\nexport const open = () => import("../../_domains/ops/room.ts");\nexport { z };\n`,
      [`${functions}/_domains/ops/room.ts`]:
        `import type { Key } from "../../../../local/key.ts";\nexport const room: Key = 1;\n`,
      "local/key.ts": `export type Key = number;\nexport const text = 'import "./nowhere.ts"';\n`,
      "tools/lost.ts": `import "./nowhere.ts";\n`,
    };
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(join(root, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    }
    const { problems } = await importsChecker.checkRoot(root);
    assert.deepEqual(problems.map(({ path, message }) => `${path}: ${message}`).sort(), [
      `${functions}/_domains/ops/room.ts: Line 1 imports the types of local/key.ts, but nothing under supabase/ may import from outside it`,
      `${functions}/_shared/http/door.ts: Line 2 imports ${functions}/_domains/ops/room.ts, but _shared may import only _shared`,
      `tools/nowhere.ts: Cannot follow: Module not found "tools/nowhere.ts".`,
    ]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
