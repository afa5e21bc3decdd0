import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { SignJWT } from "jose";
import { openConnector } from "../../supabase/functions/_shared/connect/openConnector.ts";
import { type PostgrestStandIn, startPostgrestStandIn } from "../postgrest/postgrestStandIn.ts";
import { freePort } from "../../local/database/freePort.ts";
import { testConnector } from "./connectContract.ts";
import { failureOf, things, valueOf } from "./connectExpectations.ts";
import { table, thingsDatabase } from "./connectFixture.ts";

const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };

testConnector({ name: "supabase-js" }, async (database) => {
  const standIn = await startPostgrestStandIn(database.url);
  const client = createClient(standIn.url, standIn.secretKey, { auth });
  return { connector: openConnector(client), [Symbol.asyncDispose]: () => standIn[Symbol.asyncDispose]() };
});

async function fixture() {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await thingsDatabase());
  const standIn = stack.use(await startPostgrestStandIn(database.url));
  const moved = stack.move();
  return { database, standIn, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

const connect = (standIn: PostgrestStandIn, key: string, accessToken?: string) => {
  const given = accessToken === undefined ? {} : { accessToken: () => Promise.resolve(accessToken) };
  return openConnector(createClient(standIn.url, key, accessToken === undefined ? { auth } : given));
};

Deno.test("supabase-js: each call is one request, whatever comes of it", async () => {
  await using made = await fixture();
  const { standIn } = made;
  const connector = connect(standIn, standIn.secretKey);
  const answers = [
    () => new Response("upstream is away", { status: 503 }),
    () => Response.json({ code: "PGRST002", message: "m", details: null, hint: null }, { status: 503 }),
    () => Response.json({ code: "40001", message: "m", details: null, hint: null }, { status: 500 }),
  ];
  for (const [index, kind] of (["connection_lost", "never_ran", "retry"] as const).entries()) {
    standIn.override = answers[index];
    for (const run of [() => connector.select(things, {}), () => connector.insert(things, [{ code: "a" }])]) {
      const before = standIn.requests.length;
      assert.equal(failureOf(await run()).kind, kind);
      assert.equal(standIn.requests.length, before + 1);
    }
  }
});

Deno.test("supabase-js: the key or the token decides what is allowed", async () => {
  await using made = await fixture();
  const { database, standIn } = made;
  await database.sql.unsafe(`
    alter table public.things enable row level security;
    create policy own on public.things to authenticated using (code = auth.uid()::text) with check (code = auth.uid()::text)
  `);
  const anonymous = connect(standIn, standIn.publishableKey);
  assert.deepEqual(valueOf(await anonymous.select(things, {})), []);
  const refused = failureOf(await anonymous.insert(things, [{ code: "x" }]));
  assert.deepEqual([refused.code, refused.kind], ["42501", "rights"]);
  assert.equal(failureOf(await anonymous.select(table("private_things"), {})).kind, "rights");
  const sub = "00000000-0000-4000-8000-000000000001";
  const token = await new SignJWT({ role: "authenticated", sub }).setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1h").sign(new TextEncoder().encode(standIn.jwtSecret));
  const user = connect(standIn, standIn.publishableKey, token);
  assert.equal(valueOf(await user.insert(things, [{ code: sub }]))[0]!.code, sub);
  assert.equal(failureOf(await user.insert(things, [{ code: "other" }])).code, "42501");
  const forged = connect(standIn, standIn.publishableKey, `${token}x`);
  assert.equal(failureOf(await forged.select(things, {})).code, "PGRST301");
});

Deno.test("supabase-js: a schema that is not exposed, and one that changed without a notice", async () => {
  await using made = await fixture();
  const { database, standIn } = made;
  const connector = connect(standIn, standIn.secretKey);
  const hidden = failureOf(await connector.select({ schema: "resilience", name: "x" }, {}));
  assert.deepEqual([hidden.code, hidden.kind], ["PGRST106", "other"]);
  await database.sql`alter table public.things add late int`;
  assert.equal(failureOf(await connector.insert(things, [{ code: "a", late: 1 }])).code, "PGRST204");
  await database.sql`alter table public.things rename qty to quantity`;
  const stale = failureOf(await connector.insert(things, [{ code: "a", qty: 1 }])); // The cache still has it.
  assert.deepEqual([stale.code, stale.column], ["42703", "qty"]);
});

Deno.test("supabase-js: where nobody listens nothing ran, where the answer is cut off nobody knows", async () => {
  const client = (port: number) => openConnector(createClient(`http://127.0.0.1:${port}`, "sb_secret_x", { auth }));
  const nobody = failureOf(await client(freePort()).insert(things, [{ code: "a" }]));
  assert.deepEqual([nobody.code, nobody.kind, nobody.isOutcomeUnknown], ["ECONNREFUSED", "never_ran", false]);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(1_000));
      connection.close();
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  const cut = failureOf(await client(port).insert(things, [{ code: "a" }]));
  assert.deepEqual([cut.kind, cut.isOutcomeUnknown], ["connection_lost", true]);
  assert.equal(failureOf(await client(port).select(things, {})).isOutcomeUnknown, false);
  listener.close();
  await accepting;
});
