import assert from "node:assert/strict";
import { checkPlatform } from "../../tools/checkers/checkPlatform.ts";

const uses = 'const a = 1;\nexport const home = Deno.env.get("HOME");\n';

function paths(tree: Record<string, string>): string[] {
  return checkPlatform(new Map(Object.entries(tree))).map(({ path, message }) => `${path}: ${message.slice(0, 6)}`);
}

Deno.test("the runtime is used only behind its seam, in tests and outside supabase/functions", () => {
  const tree = {
    "supabase/functions/_shared/platform/denoPlatform.ts": uses,
    "supabase/functions/_shared/http/cors.test.ts": uses,
    "local/start.ts": uses,
    "supabase/functions/_shared/http/cors.ts":
      "// Deno.env\nconst version = `Deno.serve ${context.Deno}`; /* EdgeRuntime */\n",
  };
  assert.deepEqual(paths(tree), []);
});

Deno.test("finds Deno and EdgeRuntime in code, however they are reached", () => {
  const tree = {
    "supabase/functions/_shared/http/cors.ts": uses,
    "supabase/functions/_domains/ops/health.ts": "const x = `${Deno.version.deno}`;",
    "supabase/functions/ops-health/index.ts": "globalThis.EdgeRuntime?.waitUntil(p);",
    "supabase/functions/ops-flags/index.ts": "EdgeRuntime.waitUntil(p);",
  };
  assert.deepEqual(paths(tree), [
    "supabase/functions/_shared/http/cors.ts: Line 2",
    "supabase/functions/_domains/ops/health.ts: Line 1",
    "supabase/functions/ops-health/index.ts: Line 1",
    "supabase/functions/ops-flags/index.ts: Line 1",
  ]);
});
