import assert from "node:assert/strict";
import { addCategory, addMember, addProduct, addUser, addVendor } from "../harness/marketOf.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";

/** Calls functions as somebody and reads the answer, whatever it is. */
function callsOf(stack: TestStack) {
  const call = async (
    name: string,
    headers: Record<string, string>,
    init: { method?: string; query?: string; body?: unknown } = {},
  ) => {
    const { method = init.body === undefined ? "GET" : "POST", query = "", body } = init;
    const response = await stack.call(name, {
      method,
      query,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // deno-lint-ignore no-explicit-any -- a body is whatever the test makes of it.
    return { status: response.status, body: await response.json() as any };
  };
  const bearer = async (userId: string) => ({
    authorization: `Bearer ${await userToken(stack.signingKey, { userId })}`,
  });
  return { call, bearer };
}

Deno.test("personalization over HTTP: a visitor browses, signs in, sees why, opts out, exports, forgets", async (t) => {
  await using stack = await testStack();
  const { sql } = stack.database;
  const vendorId = await addVendor(sql);
  await addCategory(sql, "dairy");
  const categoryId = await addCategory(sql, "milk", "dairy");
  const product = (name: string) => addProduct(sql, { vendorId, categoryId, name });
  const [whole, oat] = [await product("Whole Milk"), await product("Oat Milk")];
  const { call, bearer } = callsOf(stack);
  const [adaId, eveId] = [await addUser(sql), await addUser(sql)];
  const [ada, eve] = [await bearer(adaId), await bearer(eveId)];
  const anyone = { apikey: stack.publishableKey };
  const sessionKey = { "x-session-key": "a-key-that-nobody-guesses-0123" };
  const visitor = { ...anyone, ...sessionKey };
  const click = (productId = oat) => ({ eventId: crypto.randomUUID(), type: "click", productId });
  const traitsOf = async (who: Record<string, string>) => {
    const { status, body } = await call("preferences-live", who);
    assert.equal(status, 200, JSON.stringify(body));
    return body.traits.map(({ trait }: { trait: string }) => trait);
  };

  await t.step("a visitor's events are learned from at once, and only under their key", async () => {
    const shown = { shown: [whole, oat], listId: crypto.randomUUID(), position: 2, query: "milk" };
    const context = { timeZone: "Europe/Berlin", weather: "rainy" };
    const { status, body } = await call("interactions-track", visitor, { body: { ...click(), ...shown, context } });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.results.map(({ status }: { status: string }) => status), ["recorded"]);
    assert.ok((await traitsOf(visitor)).includes("attribute:plant-based"));
    const version = await call("preferences-live?limit=0", visitor);
    assert.deepEqual([version.body.profileVersion, version.body.traits], [body.profileVersion, []]);
    assert.equal((await call("preferences-live?limit=101", visitor)).status, 422);
    assert.deepEqual(await traitsOf({ ...anyone, "x-session-key": "another-key-of-22-letters" }), []);
    const [kept] = await sql`select context ->> 'weekday' as weekday, context ->> 'weather' as weather
      from personalization.interactions where signal = 'click'`;
    assert.match(`${kept!.weekday} ${kept!.weather}`, /^[a-z]{3} rainy$/);
  });

  await t.step("bad events are refused for what is wrong with them", async () => {
    const refusal = async (headers: Record<string, string>, body: unknown) => {
      const answer = await call("interactions-track", headers, { body });
      return [answer.status, answer.body.code, answer.body.details?.issues?.[0]?.path];
    };
    assert.deepEqual(await refusal(anyone, click()), [422, "invalid_input", "x-session-key"]);
    assert.deepEqual(await refusal(visitor, { ...click(), type: "viewed_often" }), [422, "invalid_input", "type"]);
    assert.deepEqual(await refusal(visitor, click(crypto.randomUUID())), [404, "not_found", undefined]);
    const old = { ...click(), occurredAt: "2020-01-01T00:00:00Z" };
    assert.deepEqual(await refusal(visitor, old), [422, "invalid_input", "occurredAt"]);
  });

  await t.step("signing in takes what was learned along, once, and for one user", async () => {
    const merged = await call("profile-merge", { ...ada, ...sessionKey }, { body: {} });
    assert.deepEqual([merged.status, merged.body.isMerged, merged.body.events], [200, true, 1]);
    assert.equal((await call("profile-merge", { ...ada, ...sessionKey }, { body: {} })).body.isMerged, false);
    assert.equal((await call("profile-merge", { ...eve, ...sessionKey }, { body: {} })).status, 409);
    assert.ok((await traitsOf(ada)).includes("attribute:plant-based"));
    assert.deepEqual([await traitsOf(visitor), await traitsOf(eve)], [[], []]);
    const { body } = await call("preferences-live", ada);
    assert.match(body.traits[0].reason, /^looked at once, last Oat Milk$/);
  });

  await t.step("opting out holds at once, and is taken back", async () => {
    const opted = await call("preferences-live", ada, { method: "PATCH", body: { optOut: true } });
    assert.deepEqual([opted.status, opted.body.isOptedOut], [200, true]);
    const tracked = await call("interactions-track", ada, { body: click() });
    assert.deepEqual(tracked.body.results.map(({ code }: { code: string }) => code), ["opted_out"]);
    assert.deepEqual(await traitsOf(ada), []);
    await call("preferences-live", ada, { method: "PATCH", body: { optOut: false, mute: ["attribute:*"] } });
    const traits: string[] = await traitsOf(ada);
    assert.ok(!traits.some((trait) => trait.startsWith("attribute:")));
    assert.equal((await call("preferences-live", ada, { method: "PATCH", body: {} })).status, 422);
  });

  await t.step("what is kept is shown in full, and goes when its owner says so", async () => {
    const { body } = await call("profile-export", ada);
    assert.deepEqual([body.events.length, body.subject.muted_traits, body.next], [1, ["attribute:*"], null]);
    assert.equal((await call("profile-export", eve)).body.events.length, 0);
    const gone = await call("preferences-live", ada, { method: "DELETE" });
    assert.deepEqual([gone.status, gone.body.erased.interactions], [200, 1]);
    assert.equal((await call("profile-export", ada)).body.events.length, 0);
  });

  await t.step("whoever sends too much at once is told to wait, whatever session they make up", async () => {
    const address = { ...anyone, "x-forwarded-for": "2001:db8::1" };
    const send = (headers: Record<string, string>) =>
      call("interactions-track", { ...headers, "x-session-key": crypto.randomUUID() }, {
        body: {
          events: Array.from(
            { length: 500 },
            () => ({ eventId: crypto.randomUUID(), type: "impression", productId: oat }),
          ),
        },
      });
    assert.equal((await send(address)).status, 200);
    // Empty, and nothing comes back however slow the machine is.
    await sql`
      update resilience.rate_limits set tokens = 0, counted_at = now() + interval '1 hour', expires_at = now() + interval '2 hours'
      where bucket like 'events publishable:%2001:db8:0:0::/64'`;
    const { status, body } = await send({ ...address, "x-forwarded-for": "2001:db8::2" });
    assert.deepEqual([status, body.status], [429, 429]);
    assert.ok(body.details.retryAfterMs > 0);
    assert.equal((await send({ ...address, "x-forwarded-for": "2001:db8:1::1" })).status, 200);
  });

  await t.step(
    "weights are the vendor's and the operator's to set, and nobody reads tables around the functions",
    async () => {
      await addMember(sql, vendorId, adaId);
      const change = { method: "PATCH", body: { vendorId, weights: { click: 1 } } };
      assert.equal((await call("personalization-weights", ada, change)).status, 200);
      assert.equal((await call("personalization-weights", eve, change)).status, 403);
      assert.equal((await call("personalization-weights", { apikey: stack.secretKey })).body.versions.length, 1);
      for (const role of ["anon", "authenticated"]) {
        for (const table of ["interactions", "preferences", "subjects", "habits", "event_keys", "shown_lists"]) {
          const read = sql.begin(async (tx) => {
            await tx.unsafe(`set local role ${role}`);
            await tx.unsafe(`select 1 from personalization.${table}`);
          });
          await assert.rejects(read, { code: "42501" }, `${role} reads ${table}`);
        }
      }
    },
  );
});
