import assert from "node:assert/strict";
import type { TestStack } from "../../harness/testStack.ts";
import { userToken } from "../../harness/userToken.ts";
import { addCategory, addMember, addProduct, addUser, addVendor } from "../../harness/marketOf.ts";
import type { Owner } from "./owners.ts";

/** A market in which everybody has something to hide. */
export interface World {
  readonly owners: readonly Owner[];
  /** A product that anybody may see and click. */
  readonly publicProduct: string;
}

const json = { "content-type": "application/json" };

/** Opens it: three vendors, three shoppers with accounts and two without, each with a private text that is theirs alone. */
export async function openWorld(stack: TestStack): Promise<World> {
  const { sql } = stack.database;
  const categoryId = await addCategory(sql, "milk");
  const hall = await addVendor(sql, { name: "Market Hall" });
  const publicProduct = await addProduct(sql, { vendorId: hall, categoryId, name: "Plain Milk" });
  const bearer = async (userId: string) => ({
    apikey: stack.publishableKey,
    authorization: `Bearer ${await userToken(stack.signingKey, { userId, expiresInSeconds: 3_600 })}`,
  });
  const call = async (name: string, method: string, headers: Record<string, string>, body?: unknown) => {
    const response = await stack.call(name, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : json) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${name}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };

  async function openVendor(index: number): Promise<Owner> {
    const marker = `vendormark${index}x${crypto.randomUUID().slice(0, 8)}`;
    const vendorId = await addVendor(sql, { name: `Vendor ${index}` });
    const userId = await addUser(sql);
    await addMember(sql, vendorId, userId);
    const hidden = await addProduct(sql, { vendorId, categoryId, name: `Secret ${marker}`, status: "hidden" });
    await addProduct(sql, { vendorId, categoryId, name: `Sold Out ${marker}`, stock: 0 });
    await addProduct(sql, { vendorId, categoryId, name: `Vendor ${index} Milk` });
    const headers = await bearer(userId);
    await call("personalization-weights", "PATCH", headers, { vendorId, weights: { click: 0.21 }, note: marker });
    await call("search-ranking", "POST", headers, {
      vendorId,
      weights: { relevance: 0.4, personal: 0.3, recency: 0.1, popularity: 0.1, season: 0.1 },
      note: marker,
      activate: true,
    });
    return { kind: "vendor", id: vendorId, marker, headers, ids: { vendorId, productId: hidden } };
  }

  async function openShopper(index: number, isSession: boolean): Promise<Owner> {
    const marker = `shoppermark${index}x${crypto.randomUUID().slice(0, 8)}`;
    const userId = await addUser(sql);
    const sessionKey = crypto.randomUUID().replaceAll("-", "");
    const headers: Record<string, string> = isSession
      ? { apikey: stack.publishableKey, "x-session-key": sessionKey }
      : await bearer(userId);
    const eventId = crypto.randomUUID();
    const events = [
      { eventId, type: "click", productId: publicProduct, query: marker },
      { eventId: crypto.randomUUID(), type: "purchase", productId: publicProduct, quantity: 2 },
    ];
    await call("interactions-track", "POST", headers, { events });
    const row = await call("recommendations?kind=for-you&limit=5", "GET", headers);
    await call(`search-personalized?q=milk+${marker}`, "GET", headers);
    const [subject] = await sql<{ id: string }[]>`
      select subject_id as id from personalization.interactions where event_id = ${eventId}`;
    await sql`insert into personalization.preferences (subject_id, trait, browsed, as_of)
      values (${subject!.id}, ${`brand:${marker}`}, 1, now())`;
    const ids = { eventId, recommendationId: row.recommendationId as string, subjectId: subject!.id };
    return { kind: isSession ? "session" : "shopper", id: subject!.id, marker, headers, ids };
  }

  const owners = [
    ...await Promise.all([1, 2, 3].map(openVendor)),
    ...await Promise.all([1, 2, 3].map((index) => openShopper(index, false))),
    ...await Promise.all([4, 5].map((index) => openShopper(index, true))),
  ];
  return { owners, publicProduct };
}
