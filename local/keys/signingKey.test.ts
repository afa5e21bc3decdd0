import assert from "node:assert/strict";
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from "jose";
import { makeSigningKey, publicKeySet } from "./signingKey.ts";

Deno.test("the public key set verifies what the private key signed, and nothing else's", async () => {
  const [ours, theirs] = [await makeSigningKey(), await makeSigningKey()];
  const sign = async (key: typeof ours, kid: string) =>
    await new SignJWT({ sub: "ada" }).setProtectedHeader({ alg: "ES256", kid }).sign(await importJWK(key, "ES256"));
  const keySet = createLocalJWKSet(publicKeySet(ours) as Parameters<typeof createLocalJWKSet>[0]);
  const { payload } = await jwtVerify(await sign(ours, ours.kid), keySet);
  assert.equal(payload.sub, "ada");
  await assert.rejects(async () => await jwtVerify(await sign(theirs, ours.kid), keySet), /signature verification/);
});
