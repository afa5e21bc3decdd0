import assert from "node:assert/strict";
import { exportSPKI, generateKeyPair, importJWK, SignJWT } from "jose";
import type { SupabaseEnv } from "../platform/supabaseEnv.ts";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import type { Caller } from "./caller.ts";
import type { AuthMode } from "./contract.ts";
import { pipeline } from "./middleware.ts";
import { fakeKeys } from "./testing/fakeServices.ts";
import { tokenMaker } from "./testing/tokenMaker.ts";
import { withAuth } from "./withAuth.ts";
import { withProblems } from "./withProblems.ts";

const maker = await tokenMaker();

function gate(modes: readonly AuthMode[], options: { jwks?: SupabaseEnv["jwks"]; clock?: FakeClock } = {}) {
  const { jwks = maker.jwks, ...rest } = options;
  const env = { url: "http://localhost", dbUrl: "", ...fakeKeys, jwks };
  const app = pipeline(
    [withProblems({ log: { error: () => {} } }), withAuth({ modes, env: () => env, ...rest })],
    (_request, ctx) => Promise.resolve(Response.json(ctx.caller)),
  );
  return async (headers: Record<string, string>) => {
    const response = await app(new Request("http://localhost/", { headers }));
    return { status: response.status, body: await response.json() as Caller & { code?: string; detail?: string } };
  };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

Deno.test("a user's token names the user, the role and the address", async () => {
  const { body } = await gate(["user"])({
    ...bearer(await maker.sign({ is_anonymous: true })),
    "x-forwarded-for": "203.0.113.7, 10.0.0.1",
  });
  assert.ok(body.kind === "user");
  assert.equal(body.userId, "6f1c1f9e-0000-4000-8000-000000000001");
  assert.equal(body.role, "authenticated");
  assert.equal(body.isAnonymous, true);
  assert.equal(body.email, "ada@example.com");
  assert.equal(body.clientAddress, "203.0.113.7");
});

Deno.test("RS256 is accepted as ES256 is", async () => {
  const rsa = await tokenMaker({ alg: "RS256" });
  const { status } = await gate(["user"], { jwks: rsa.jwks })(bearer(await rsa.sign()));
  assert.equal(status, 200);
});

Deno.test("every bad token is refused with a code of its kind", async () => {
  const stranger = await tokenMaker();
  const [header, payload, signature] = (await maker.sign()).split(".") as [string, string, string];
  const encode = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const claims = JSON.parse(atob(payload));
  const forged = encode({ ...claims, sub: "somebody-else" });
  // The confusion attack: a token signed with the public key as if it were a shared secret.
  const publicKey = await importJWK(maker.jwks.keys[0] as never, "ES256");
  const asSecret = new TextEncoder().encode(await exportSPKI(publicKey as CryptoKey));
  const confused = await new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "test-key" }).sign(asSecret);
  const { privateKey } = await generateKeyPair("EdDSA");
  const edwards = await new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", kid: "test-key" }).sign(privateKey);
  const cases: [string, string, string][] = [
    ["expired", "expired_token", await maker.sign({ exp: Math.floor(Date.now() / 1000) - 1 })],
    ["not valid yet", "invalid_token", await maker.sign({ nbf: Math.floor(Date.now() / 1000) + 600 })],
    ["without end", "invalid_token", await maker.sign({ exp: undefined } as never)],
    ["signed by a stranger under our key's name", "invalid_token", await stranger.sign()],
    ["with other claims than were signed", "invalid_token", `${header}.${forged}.${signature}`],
    ["with its signature cut off", "invalid_token", `${header}.${payload}.`],
    ["alg none", "invalid_token", `${encode({ alg: "none", kid: "test-key" })}.${payload}.`],
    ["alg None, signed", "invalid_token", `${encode({ alg: "None", kid: "test-key" })}.${payload}.${signature}`],
    ["HS256 with the public key", "invalid_token", confused],
    ["of another curve", "invalid_token", edwards],
    ["for another audience", "invalid_token", await maker.sign({ aud: "reports" })],
    ["without a user", "invalid_token", await maker.sign({ sub: undefined } as never)],
    ["with an empty user", "invalid_token", await maker.sign({ sub: "" })],
    ["of the service role", "wrong_credentials", await maker.sign({ role: "service_role" })],
    ["of a made-up role", "wrong_credentials", await maker.sign({ role: "postgres" })],
    ["without a role", "wrong_credentials", await maker.sign({ role: undefined } as never)],
    ["not a token at all", "invalid_token", "hello"],
    ["with a header that is not JSON", "invalid_token", `${btoa("x")}.${payload}.${signature}`],
    ["an API key", "wrong_credentials", fakeKeys.secretKeys.default],
  ];
  for (const [name, code, token] of cases) {
    const { status, body } = await gate(["user"])(bearer(token));
    assert.equal(body.code, code, `${name}: ${JSON.stringify(body)}`);
    assert.equal(status, 401, name);
  }
});

Deno.test("a shared secret among the project's keys does not open the door to HS256", async () => {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const k = btoa(String.fromCharCode(...secret)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const jwks = { keys: [{ kty: "oct", k, alg: "HS256", kid: "shared" }] };
  const token = await new SignJWT({ sub: "u", role: "authenticated", aud: "authenticated", exp: 4_000_000_000 })
    .setProtectedHeader({ alg: "HS256", kid: "shared" }).sign(secret);
  const { body } = await gate(["user"], { jwks })(bearer(token));
  assert.equal(body.code, "invalid_token");
});

Deno.test("API keys open what names them, and nothing else", async () => {
  const { publishableKeys, secretKeys } = fakeKeys;
  const cases: [readonly AuthMode[], Record<string, string>, string][] = [
    [["publishable"], { apikey: publishableKeys.default }, "publishable default"],
    [["publishable:mobile"], { apikey: publishableKeys.mobile }, "publishable mobile"],
    [["publishable:*"], { apikey: publishableKeys.mobile }, "publishable mobile"],
    [["secret:cron"], { apikey: secretKeys.cron }, "secret cron"],
    [
      ["user", "publishable"],
      { apikey: publishableKeys.default, ...bearer(publishableKeys.default) },
      "publishable default",
    ],
    [["publishable"], { apikey: publishableKeys.mobile }, "wrong_credentials"],
    [["publishable"], { apikey: secretKeys.default }, "wrong_credentials"],
    [["secret"], { apikey: publishableKeys.default }, "wrong_credentials"],
    [["secret:cron"], { apikey: secretKeys.default }, "wrong_credentials"],
    [["user"], { apikey: secretKeys.default }, "wrong_credentials"],
    [["user"], { apikey: publishableKeys.default, ...bearer(publishableKeys.default) }, "wrong_credentials"],
    [["secret"], { apikey: "sb_secret_made_up" }, "invalid_api_key"],
    [["secret"], { apikey: "" }, "missing_credentials"],
    [["user"], {}, "missing_credentials"],
    [["user"], { authorization: "Basic YTpi" }, "missing_credentials"],
    [["secret"], bearer(await maker.sign()), "wrong_credentials"],
    [["secret:gone"], { apikey: "sb_secret_made_up" }, "misconfigured"],
    [["publishable", "none"], {}, "none undefined"],
  ];
  for (const [modes, headers, expected] of cases) {
    const { body } = await gate(modes)(headers);
    const got = body.code ?? `${body.kind} ${(body as { keyName?: string }).keyName}`;
    assert.equal(got, expected, `${modes} with ${JSON.stringify(headers)}`);
  }
});

Deno.test("a broken token is refused even where a key or nobody would do", async () => {
  const token = `${await maker.sign()}x`;
  assert.equal((await gate(["user", "none"])(bearer(token))).body.code, "invalid_token");
  const both = { ...bearer(token), apikey: fakeKeys.publishableKeys.default };
  assert.equal((await gate(["user", "publishable"])(both)).body.code, "invalid_token");
});

Deno.test("a verified token is remembered for 60 s at most, and not past its own end", async () => {
  const now = Date.now();
  for (const [lifetimeSeconds, rememberedMs] of [[3_600, 60_000], [30, 30_000]] as const) {
    const clock = new FakeClock(now);
    let env: SupabaseEnv = { url: "http://localhost", dbUrl: "", ...fakeKeys, jwks: maker.jwks };
    const app = pipeline(
      [withProblems({ log: { error: () => {} } }), withAuth({ modes: ["user"], env: () => env, clock })],
      () => Promise.resolve(new Response("in")),
    );
    const headers = bearer(await maker.sign({ exp: Math.floor(now / 1000) + lifetimeSeconds }));
    const call = async () => (await app(new Request("http://localhost/", { headers }))).status;
    assert.equal(await call(), 200);
    env = { ...env, jwks: (await tokenMaker()).jwks }; // From here on, checking the signature again fails.
    await clock.advance(rememberedMs - 1_000);
    assert.equal(await call(), 200);
    await clock.advance(1_000);
    assert.equal(await call(), 401);
  }
});

Deno.test("settings that are missing are our failure, and named to the log only", async () => {
  const logged: unknown[] = [];
  const app = pipeline([
    withProblems({ log: { error: (_message, fields) => void logged.push(fields?.error) } }),
    withAuth({
      modes: ["publishable"],
      env: () => {
        throw new Error("Cannot read the project's settings as 'SUPABASE_URL' is not set");
      },
    }),
  ], () => Promise.resolve(new Response()));
  const response = await app(new Request("http://localhost/", { headers: { apikey: "x" } }));
  const text = await response.text();
  assert.equal(JSON.parse(text).code, "misconfigured");
  assert.doesNotMatch(text, /SUPABASE_URL/);
  assert.match(String(logged[0]), /SUPABASE_URL/);
});
