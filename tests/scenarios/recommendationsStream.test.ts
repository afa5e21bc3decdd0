import assert from "node:assert/strict";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";
import { addCategory, addProduct, addUser, addVendor } from "../harness/marketOf.ts";

interface Pushed {
  readonly event: string;
  readonly id: string;
  // deno-lint-ignore no-explicit-any -- whatever was sent.
  readonly data: any;
}

/** Reads a stream's events, one by one. */
async function openStream(stack: TestStack, headers: Record<string, string>) {
  const leaving = new AbortController();
  const response = await stack.call("recommendations-stream", { headers, signal: leaving.signal });
  assert.equal(response.status, 200, response.status === 200 ? "" : await response.text());
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next(): Promise<Pushed> {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end < 0) {
          const { done, value } = await reader.read();
          if (done) throw new Error("The stream has ended");
          text += value;
          continue;
        }
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
        if (field("data") === undefined) continue;
        return { event: field("event") ?? "", id: field("id") ?? "", data: JSON.parse(field("data")!) };
      }
    },
    async leave() {
      leaving.abort();
      await reader.cancel().catch(() => {});
    },
  };
}

Deno.test("a stream tells a shopper what changed, whoever reconnects misses nothing, and nobody hears of another", async () => {
  await using stack = await testStack();
  const { sql } = stack.database;
  const vendorId = await addVendor(sql);
  const categoryId = await addCategory(sql, "milk");
  const products = await Promise.all(
    ["Oat Milk", "Whole Milk", "Soy Milk"].map((name) => addProduct(sql, { vendorId, categoryId, name })),
  );
  const [ann, eve] = await Promise.all([addUser(sql), addUser(sql)]);
  const headersOf = async (userId: string) => ({
    apikey: stack.publishableKey,
    authorization: `Bearer ${await userToken(stack.signingKey, { userId })}`,
  });
  const track = async (userId: string, productId: string) => {
    const response = await stack.call("interactions-track", {
      method: "POST",
      headers: { ...await headersOf(userId), "content-type": "application/json" },
      body: JSON.stringify({ eventId: crypto.randomUUID(), type: "click", productId }),
    });
    assert.equal(response.status, 200, await response.clone().text());
    await response.body?.cancel();
  };
  const stream = await openStream(stack, await headersOf(ann));
  const others = await openStream(stack, await headersOf(eve));
  const snapshot = await stream.next();
  assert.equal(snapshot.event, "snapshot");
  assert.equal((await others.next()).event, "snapshot");

  await track(ann, products[0]!);
  const update = await stream.next();
  assert.deepEqual([update.event, update.data.productIds], ["update", [products[0]]]);
  assert.ok(update.data.traits.includes("category:milk"));
  assert.ok(Array.isArray(update.data.recommendations.items));
  await stream.leave();

  // While nobody is connected the stream's lease still holds, and what happens is kept.
  await track(ann, products[1]!);
  await track(ann, products[2]!);
  const again = await openStream(stack, { ...await headersOf(ann), "last-event-id": update.id });
  const missed = await again.next();
  assert.deepEqual([missed.event, missed.data.productIds.toSorted()], ["update", products.slice(1).toSorted()]);
  await again.leave();

  await track(eve, products[2]!);
  const own = await others.next();
  assert.deepEqual([own.event, own.data.productIds], ["update", [products[2]]], "somebody else's changes were told");
  await others.leave();

  const poll = async (query: string) =>
    await (await stack.call("recommendations-stream", { query, headers: await headersOf(ann) })).json();
  const first = await poll("?mode=poll");
  assert.ok(first.hasChanged && first.recommendations.items.length > 0);
  assert.equal((await poll(`?mode=poll&since=${first.profileVersion}`)).hasChanged, false);
  await track(ann, products[0]!);
  assert.equal((await poll(`?mode=poll&since=${first.profileVersion}`)).hasChanged, true);

  const nobody = await stack.call("recommendations-stream", { headers: { apikey: stack.publishableKey } });
  assert.deepEqual([nobody.status, (await nobody.json()).code], [422, "invalid_input"]);
});
