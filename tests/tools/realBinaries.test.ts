import assert from "node:assert/strict";
import { edgeDenoEnv, ensureBinary } from "../../tools/realBinaries.ts";

async function version(name: "deno-edge" | "supabase"): Promise<string> {
  const { stdout } = await new Deno.Command(await ensureBinary(name), { args: ["--version"], env: edgeDenoEnv() })
    .output();
  return new TextDecoder().decode(stdout);
}

Deno.test("the hosted runtime's Deno is the real one", async () => {
  assert.match(await version("deno-edge"), /^deno 2\.1\.4 .*\n.*\ntypescript 5\.6/);
});

Deno.test("the Supabase CLI is the real one", async () => {
  assert.match(await version("supabase"), /^3\.1\.0\b/);
});
