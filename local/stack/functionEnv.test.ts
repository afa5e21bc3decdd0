import assert from "node:assert/strict";
import { makeSigningKey, publicKeySet } from "../keys/signingKey.ts";
import { readSupabaseEnv } from "../../supabase/functions/_shared/platform/supabaseEnv.ts";
import { functionEnv } from "./functionEnv.ts";

Deno.test("functions read the environment as the hosted one, and the key set has no private part", async () => {
  const signingKey = await makeSigningKey();
  const keys = {
    publishableKey: "sb_publishable_a",
    secretKey: "sb_secret_b",
    signingKey,
    jwks: publicKeySet(signingKey),
  };
  const values = functionEnv({ url: "http://127.0.0.1:1", dbUrl: "postgresql://x", keys });
  const env = readSupabaseEnv({
    env: (name) => values[name],
    waitUntil: () => {},
    onRetire: () => {},
    cpuTimeMs: () => undefined,
    denoVersion: "0",
  });
  assert.deepEqual(env.publishableKeys, { default: "sb_publishable_a" });
  assert.deepEqual(env.secretKeys, { default: "sb_secret_b" });
  assert.equal(env.dbUrl, "postgresql://x");
  assert.ok("keys" in env.jwks);
  assert.equal(env.jwks.keys[0]?.kid, signingKey.kid);
  assert.equal("d" in env.jwks.keys[0]!, false);
});
