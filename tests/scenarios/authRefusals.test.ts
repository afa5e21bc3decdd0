import { deepEqual, equal, match, ok } from "node:assert/strict";
import { importJWK, SignJWT } from "jose";
import { connect } from "../../local/database/connect.ts";
import { makeSigningKey } from "../../local/keys/signingKey.ts";
import { nobodysHash } from "../../local/auth/users.ts";
import { startAuthStack } from "./authFixture.ts";

const password = "correct horse battery";

Deno.test("wrong passwords, unknown people and taken e-mails are refused with Supabase's codes", async () => {
  await using stack = await startAuthStack();
  const client = stack.client();
  await client.auth.signUp({ email: "ada@example.com", password });
  const codes = [
    (await client.auth.signInWithPassword({ email: "ada@example.com", password: "wrong" })).error?.code,
    (await client.auth.signInWithPassword({ email: "nobody@example.com", password })).error?.code,
    (await client.auth.signUp({ email: "ADA@example.com", password })).error?.code,
    (await client.auth.signUp({ email: "bob@example.com", password: "short" })).error?.code,
    (await client.auth.signUp({ email: "bob@example.com", password: "x".repeat(73) })).error?.code,
    (await client.auth.signUp({ email: "no address", password })).error?.code,
  ];
  deepEqual(codes, [
    "invalid_credentials",
    "invalid_credentials",
    "user_already_exists",
    "weak_password",
    "validation_failed",
    "validation_failed",
  ]);
});

Deno.test("an e-mail or a metadata value is never SQL, and what Postgres cannot keep is the client's error", async () => {
  await using stack = await startAuthStack();
  const client = stack.client();
  const attack = "x'; delete from auth.users; --";
  const { data } = await client.auth.signUp({
    email: "ada@example.com",
    password,
    options: { data: { name: attack } },
  });
  equal(data.user?.user_metadata.name, attack);
  equal(
    (await client.auth.signInWithPassword({ email: "ada@example.com", password: attack })).error?.code,
    "invalid_credentials",
  );
  const nul = await client.auth.signUp({ email: "bob@example.com", password, options: { data: { name: "a\0b" } } });
  equal(nul.error?.code, "validation_failed");
  const change = await client.auth.updateUser({ data: { name: null, size: "m" } });
  deepEqual([change.data.user?.user_metadata.size, change.data.user?.user_metadata.name], ["m", undefined]);
});

Deno.test("an unknown e-mail is checked as long as a known one", async () => {
  await using stack = await startAuthStack();
  await stack.client().auth.signUp({ email: "ada@example.com", password });
  // The work that takes the time, not the clock: both run one bcrypt of the same cost.
  const [hash] = await stack.sql`select left(encrypted_password, 7) as cost from auth.users`;
  equal(hash?.cost, "$2a$06$");
  const [check] = await stack.sql`select left(extensions.crypt('x', ${nobodysHash}), 7) as cost`;
  equal(check?.cost, hash?.cost);
});

Deno.test("passwords cannot be tried without end", async () => {
  await using stack = await startAuthStack();
  const client = stack.client();
  await client.auth.signUp({ email: "ada@example.com", password });
  const attempts = Array.from(
    { length: 31 },
    () => client.auth.signInWithPassword({ email: "ada@example.com", password: "wrong guess" }),
  );
  const statuses = (await Promise.all(attempts)).map(({ error }) => error?.status);
  deepEqual([statuses.filter((status) => status === 400).length, statuses.filter((status) => status === 429).length], [
    30,
    1,
  ]);
  equal(
    (await client.auth.signInWithPassword({ email: "ada@example.com", password })).error?.code,
    "over_request_rate_limit",
  );
});

Deno.test("forged, foreign and expired tokens are refused", async () => {
  await using stack = await startAuthStack();
  const { data } = await stack.client().auth.signUp({ email: "ada@example.com", password });
  const [header, payload, signature] = data.session!.access_token.split(".");
  const unsigned = btoa(JSON.stringify({ alg: "none", typ: "JWT" })).replaceAll("=", "");
  const foreignKey = await makeSigningKey();
  const foreign = await new SignJWT({ session_id: crypto.randomUUID() }).setProtectedHeader({ alg: "ES256" })
    .setSubject(data.user!.id).setExpirationTime("1h").sign(await importJWK(foreignKey, "ES256"));
  for (
    const token of [`${unsigned}.${payload}.`, `${header}.${payload}.${"A".repeat(signature!.length)}`, foreign, "junk"]
  ) {
    const response = await stack.request("/user", { headers: { authorization: `Bearer ${token}` } });
    deepEqual([response.status, (await response.json()).error_code], [403, "bad_jwt"], token);
  }
  const without = await stack.request("/user");
  deepEqual([without.status, (await without.json()).error_code], [401, "no_authorization"]);
});

Deno.test("bodies that are no JSON object, too large or of the wrong types are the client's error", async () => {
  await using stack = await startAuthStack();
  const post = async (body: BodyInit) => {
    const response = await stack.request("/signup", { method: "POST", body });
    return [response.status, (await response.json()).error_code];
  };
  deepEqual(await post("{"), [400, "bad_json"]);
  deepEqual(await post("[]"), [400, "bad_json"]);
  deepEqual(await post(new Uint8Array([0x7b, 0xff, 0x7d])), [400, "bad_json"]);
  deepEqual(await post("x".repeat(100_001)), [413, "request_too_large"]);
  deepEqual(await post(JSON.stringify({ email: ["a@b.co"], password })), [400, "validation_failed"]);
  deepEqual(await post(JSON.stringify({ email: "a@b.co", password: { length: 9 } })), [400, "validation_failed"]);
  deepEqual(await post(JSON.stringify({ email: "a@b.co", password, data: [] })), [400, "validation_failed"]);
  const grant = await stack.request("/token?grant_type=constructor", { method: "POST", body: "{}" });
  equal(grant.status, 400);
  await grant.body?.cancel();
});

Deno.test("the API key is asked for, but for the key set; browsers may call from anywhere", async () => {
  await using stack = await startAuthStack();
  for (const [apikey, message] of [[undefined, /No API key/], ["wrong", /Invalid API key/]] as const) {
    const response = await fetch(`${stack.url}/auth/v1/settings`, { headers: { ...(apikey && { apikey }) } });
    equal(response.status, 401);
    match((await response.json()).message, message);
  }
  const keySet = await (await fetch(`${stack.url}/auth/v1/.well-known/jwks.json`)).json();
  deepEqual(keySet.keys.map(({ d, kty }: { d?: string; kty: string }) => [d, kty]), [[undefined, "EC"]]);
  const settings = await (await stack.request("/settings")).json();
  deepEqual([settings.external.anonymous_users, settings.mailer_autoconfirm], [true, true]);
  const preflight = await fetch(`${stack.url}/auth/v1/token`, {
    method: "OPTIONS",
    headers: { origin: "http://localhost:3000", "access-control-request-headers": "apikey,x-own" },
  });
  equal(preflight.status, 204);
  equal(preflight.headers.get("access-control-allow-origin"), "*");
  ok(preflight.headers.get("access-control-allow-headers")?.includes("x-own"));
});

Deno.test("a failure of ours is told to the operator, and to the client without a driver's words", async () => {
  await using stack = await startAuthStack();
  {
    await using superuser = connect(stack.superuserUrl);
    await superuser`alter table auth.users rename to people`;
  }
  const { error } = await stack.client().auth.signUp({ email: "ada@example.com", password });
  equal(error?.status, 500);
  equal(/relation|exist/.test(error!.message), false);
  await stack.logged('relation "auth.users" does not exist');
});
