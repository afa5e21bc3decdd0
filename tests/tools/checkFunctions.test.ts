import assert from "node:assert/strict";
import { checkFunctions } from "../../tools/checkers/checkFunctions.ts";

const block = (name: string) => `[functions.${name}]\nverify_jwt = false\nimport_map = "../import_map.json"\n`;
const row = (name: string) => `| [${name}](supabase/functions/${name}) | does things | anyone |\n`;

function tree(changes: Record<string, string | undefined> = {}): Map<string, string> {
  const files: Record<string, string | undefined> = {
    "README.md": `# X\n\n## Functions\n\n| function | what |\n| --- | --- |\n${row("cart-add")}${
      row("ops-health")
    }\n## More\n`,
    "supabase/config.toml": `project_id = "x" # name\n[db]\nmajor_version = 17\n${block("ops-health")}${
      block("cart-add")
    }`,
    "supabase/functions/ops-health/index.ts": "",
    "supabase/functions/cart-add/index.ts": "",
    "supabase/functions/_shared/http/cors.ts": "",
    ...changes,
  };
  return new Map(Object.entries(files).filter((file): file is [string, string] => file[1] !== undefined));
}

function messages(changes: Record<string, string | undefined>): string[] {
  return checkFunctions(tree(changes)).map(({ path, message }) => `${path}: ${message}`);
}

Deno.test("three lists that agree are fine", () => assert.deepEqual(messages({}), []));

Deno.test("a new folder is missing from both lists", () => {
  assert.deepEqual(messages({ "supabase/functions/cart-drop/index.ts": "" }), [
    "supabase/config.toml: Has no block [functions.<name>] for 'cart-drop'",
    "README.md: Has no row in the table under 'Functions' for 'cart-drop'",
  ]);
});

Deno.test("a folder that went leaves both lists stale", () => {
  const found = messages({ "supabase/functions/cart-add/index.ts": undefined });
  assert.equal(found.length, 2);
  assert.match(found.join("\n"), /config\.toml: .* for 'cart-add', but there is no such folder\nREADME\.md: /);
});

Deno.test("rows elsewhere in the README, or with another link, do not count", () => {
  const readme = `## Functions\n\n| [cart-add](supabase/functions/cart) |\n\n## More\n\n${row("ops-health")}`;
  const found = messages({ "README.md": readme });
  assert.ok(found.includes("README.md: Has no row in the table under 'Functions' for 'ops-health'"));
  assert.ok(found.includes("README.md: Has no row in the table under 'Functions' for 'cart-add'"));
});

Deno.test("a block must switch the platform's own check off and name the one import map", () => {
  const config = `${block("ops-health")}[functions.cart-add]\nverify_jwt = true\n`;
  assert.deepEqual(messages({ "supabase/config.toml": config }), [
    "supabase/config.toml: [functions.cart-add] must say verify_jwt = false: it says true",
    'supabase/config.toml: [functions.cart-add] must say import_map = "../import_map.json": it says nothing',
  ]);
});

Deno.test("a folder without an entry, with a map of its own, or with a bad name is refused", () => {
  const found = messages({
    "supabase/functions/cart-add/index.ts": undefined,
    "supabase/functions/cart-add/cart.ts": "",
    "supabase/functions/ops-health/deno.json": "{}",
    "supabase/functions/Cart_Add/index.ts": "",
  });
  assert.ok(found.includes("supabase/functions/cart-add: Has no index.ts"));
  assert.ok(found.some((line) => line.startsWith("supabase/functions/ops-health: Has a deno.json")));
  assert.ok(found.some((line) => line.startsWith("supabase/functions/Cart_Add: Must be named in lower case")));
});
