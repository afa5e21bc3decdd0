import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { startAuthStack } from "./authFixture.ts";

const password = "correct horse battery";

Deno.test("supabase-js signs up, signs out, signs in and reads its user", async () => {
  await using stack = await startAuthStack();
  const client = stack.client();
  const signUp = await client.auth.signUp({ email: "Ada@Example.com", password, options: { data: { name: "Ada" } } });
  equal(signUp.error, null);
  const user = signUp.data.user!;
  deepEqual([user.email, user.user_metadata.name, user.is_anonymous], ["ada@example.com", "Ada", false]);
  equal(user.app_metadata.provider, "email");
  equal(user.identities?.[0]?.provider, "email");

  equal((await client.auth.signOut()).error, null);
  equal((await client.auth.getSession()).data.session, null);

  const signIn = await client.auth.signInWithPassword({ email: "ADA@example.com ", password });
  equal(signIn.error, null);
  equal(signIn.data.user?.id, user.id);
  const read = await client.auth.getUser();
  deepEqual([read.error, read.data.user?.id, read.data.user?.email], [null, user.id, "ada@example.com"]);
});

Deno.test("access tokens verify against the published key set and carry the claims of Supabase Auth", async () => {
  await using stack = await startAuthStack();
  const { data } = await stack.client().auth.signUp({ email: "ada@example.com", password });
  const keySet = createRemoteJWKSet(new URL(`${stack.url}/auth/v1/.well-known/jwks.json`));
  const { payload, protectedHeader } = await jwtVerify(data.session!.access_token, keySet, {
    issuer: `${stack.url}/auth/v1`,
    audience: "authenticated",
  });
  equal(protectedHeader.alg, "ES256");
  deepEqual(
    [payload.sub, payload.role, payload.email, payload.aal, payload.is_anonymous],
    [data.user!.id, "authenticated", "ada@example.com", "aal1", false],
  );
  equal(payload.exp! - payload.iat!, 3_600);
  const claims = await stack.client().auth.getClaims(data.session!.access_token);
  equal(claims.data?.claims.sub, data.user!.id);
});

Deno.test("an anonymous user becomes a permanent one and keeps the id", async () => {
  await using stack = await startAuthStack();
  const client = stack.client();
  const anonymous = await client.auth.signInAnonymously({ options: { data: { basket: "b1" } } });
  equal(anonymous.error, null);
  deepEqual([anonymous.data.user?.is_anonymous, anonymous.data.user?.user_metadata.basket], [true, "b1"]);
  const early = await client.auth.updateUser({ password });
  equal(early.error?.code, "validation_failed");
  const update = await client.auth.updateUser({ email: "new@example.com", password });
  equal(update.error, null);
  deepEqual([update.data.user?.is_anonymous, update.data.user?.email], [false, "new@example.com"]);
  const signIn = await stack.client().auth.signInWithPassword({ email: "new@example.com", password });
  equal(signIn.data.user?.id, anonymous.data.user?.id);
});

Deno.test("a rotated refresh token is good for a moment, and later gives the whole session away", async () => {
  await using stack = await startAuthStack();
  const client = stack.client();
  const first = (await client.auth.signUp({ email: "ada@example.com", password })).data.session!;
  const refresh = async (token: string) => {
    const response = await stack.request("/token?grant_type=refresh_token", {
      method: "POST",
      body: JSON.stringify({ refresh_token: token }),
    });
    return { status: response.status, body: await response.json() };
  };
  // Tabs that refresh at the same moment all go on.
  const tabs = await Promise.all(Array.from({ length: 5 }, () => refresh(first.refresh_token)));
  deepEqual(tabs.map(({ status }) => status), [200, 200, 200, 200, 200]);
  equal(new Set(tabs.map(({ body }) => body.refresh_token)).size, 5);
  const next = await refresh(tabs[0]!.body.refresh_token);
  equal(next.status, 200);

  await stack.sql`update auth.refresh_tokens set updated_at = now() - interval '11 seconds' where revoked`;
  const stolen = await refresh(first.refresh_token);
  deepEqual([stolen.status, stolen.body.error_code], [400, "refresh_token_already_used"]);
  const rightful = await refresh(next.body.refresh_token);
  deepEqual([rightful.status, rightful.body.error_code], [400, "refresh_token_already_used"]);
  const unknown = await refresh("unknown");
  deepEqual([unknown.status, unknown.body.error_code], [400, "refresh_token_not_found"]);
  const [kept] = await stack
    .sql`select count(*)::int as n from auth.refresh_tokens where token = ${first.refresh_token}`;
  equal(kept?.n, 0, "Only hashes of refresh tokens are kept");
});

Deno.test("supabase-js refreshes its session", async () => {
  await using stack = await startAuthStack();
  const client = stack.client();
  const first = (await client.auth.signUp({ email: "ada@example.com", password })).data.session!;
  const { data, error } = await client.auth.refreshSession();
  equal(error, null);
  notEqual(data.session?.refresh_token, first.refresh_token);
  ok(data.session!.expires_at! >= first.expires_at!);
  const claims = (token: string) => JSON.parse(atob(token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/")));
  equal(claims(data.session!.access_token).session_id, claims(first.access_token).session_id);
});

Deno.test("signing out ends the one session, the others or all", async () => {
  await using stack = await startAuthStack();
  const [one, two, three] = [stack.client(), stack.client(), stack.client()];
  await one.auth.signUp({ email: "ada@example.com", password });
  await two.auth.signInWithPassword({ email: "ada@example.com", password });
  await three.auth.signInWithPassword({ email: "ada@example.com", password });
  const token = (await two.auth.getSession()).data.session!.access_token;
  await two.auth.signOut({ scope: "local" });
  const answer = await stack.request("/user", { headers: { authorization: `Bearer ${token}` } });
  deepEqual([answer.status, (await answer.json()).error_code], [403, "session_not_found"]);
  equal((await one.auth.getUser()).error, null);
  await one.auth.signOut({ scope: "others" });
  equal((await one.auth.getUser()).error, null);
  ok((await three.auth.getUser()).error);
  await one.auth.signOut();
  const [left] = await stack.sql`select count(*)::int as n from auth.sessions`;
  equal(left?.n, 0);
});

Deno.test("the token of a deleted or banned user is worth nothing", async () => {
  await using stack = await startAuthStack();
  const client = stack.client();
  const { data } = await client.auth.signUp({ email: "ada@example.com", password });
  const headers = { authorization: `Bearer ${data.session!.access_token}` };
  const outcome = async () => (await (await stack.request("/user", { headers })).json()).error_code;
  await stack.sql`update auth.users set banned_until = now() + interval '1 day'`;
  equal(await outcome(), "user_banned");
  equal((await client.auth.refreshSession()).error?.code, "user_banned");
  equal((await client.auth.signInWithPassword({ email: "ada@example.com", password })).error?.code, "user_banned");
  await stack.sql`delete from auth.users`;
  equal(await outcome(), "user_not_found");
});
