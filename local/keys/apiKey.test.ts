import assert from "node:assert/strict";
import { makeApiKey } from "./apiKey.ts";

Deno.test("keys have the shape of Supabase's, and no two are alike", async () => {
  const keys = await Promise.all(Array.from({ length: 50 }, () => makeApiKey("publishable")));
  for (const key of keys) assert.match(key, /^sb_publishable_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}$/);
  assert.equal(new Set(keys).size, 50);
  assert.match(await makeApiKey("secret"), /^sb_secret_/);
});
