import type { Owner } from "./owners.ts";
import type { World } from "./world.ts";

/** A request by which somebody might come at what is another's. */
export interface Probe {
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** It takes from the caller what is the caller's own. */
  readonly isLast?: boolean;
}

type Make = (attacker: Owner, victim: Owner, world: World) => Probe[];

const uuid = () => crypto.randomUUID();
const vendorOf = (owner: Owner) => owner.ids.vendorId ?? owner.id;
const productOf = (owner: Owner, world: World) => owner.ids.productId ?? world.publicProduct;
const listOf = (owner: Owner) => owner.ids.recommendationId ?? uuid();
const get = (name: string, query: Record<string, string> = {}): Probe => ({
  name,
  method: "GET",
  query: new URLSearchParams(query).toString(),
});
const send = (name: string, method: "POST" | "PUT" | "PATCH", body: unknown): Probe => ({ name, method, body });
const balanced = { relevance: 0.2, personal: 0.2, recency: 0.2, popularity: 0.2, season: 0.2 };

/**
 * What each function is asked with another's ids. A subject's id is tried as the key of its session, too: it must open nothing.
 * A function that shoppers or vendors may call and that is not in here fails the test.
 */
export const probesOf: Readonly<Record<string, Make>> = {
  "interactions-track": (_, victim, world) => [
    send("interactions-track", "POST", {
      eventId: victim.ids.eventId ?? uuid(),
      type: "returned",
      productId: world.publicProduct,
    }),
    send("interactions-track", "POST", {
      events: [
        { eventId: uuid(), type: "click", productId: productOf(victim, world), listId: listOf(victim), position: 2 },
        {
          eventId: uuid(),
          type: "purchase",
          productId: productOf(victim, world),
          shown: [productOf(victim, world), world.publicProduct],
          position: 2,
        },
      ],
    }),
  ],
  "preferences-live": (_, victim) => [
    get("preferences-live"),
    { ...get("preferences-live"), headers: { "x-session-key": victim.id } },
    {
      ...send("preferences-live", "PATCH", { mute: [`brand:${victim.marker.slice(0, 5)}`] }),
      headers: { "x-session-key": victim.id },
    },
    { name: "preferences-live", method: "DELETE", headers: { "x-session-key": victim.id }, isLast: true },
  ],
  "profile-export": (_, victim) => [
    get("profile-export"),
    { ...get("profile-export"), headers: { "x-session-key": victim.id } },
  ],
  "profile-merge": (_, victim) => [{ ...send("profile-merge", "POST", {}), headers: { "x-session-key": victim.id } }],
  "personalization-weights": (_, victim) => [
    get("personalization-weights", { vendorId: vendorOf(victim) }),
    get("personalization-weights"),
    send("personalization-weights", "PATCH", { vendorId: vendorOf(victim), weights: { click: 2 } }),
    send("personalization-weights", "PATCH", { vendorId: vendorOf(victim), revertTo: 1 }),
    send("personalization-weights", "PATCH", { weights: { click: 2 } }),
  ],
  "catalog-import": (_, victim) => [
    send("catalog-import", "POST", {
      vendorId: vendorOf(victim),
      rows: [{ sku: "stolen", name: "Stolen", category: "milk", price: 1 }],
    }),
    send("catalog-import", "POST", { vendorId: vendorOf(victim), csv: "sku,stock\nx,0", dryRun: true }),
  ],
  "search-personalized": (_, victim) => [
    get("search-personalized", { q: victim.marker.slice(0, 12) }),
    get("search-personalized", { q: "secret" }),
    get("search-personalized", { q: "milk", vendors: vendorOf(victim), explain: "true" }),
    { ...get("search-personalized", { q: "milk", explain: "true" }), headers: { "x-session-key": victim.id } },
  ],
  "search-suggest": (_, victim) => [
    get("search-suggest", { q: victim.marker.slice(0, 10) }),
    get("search-suggest", { q: "secr" }),
  ],
  "search-ranking": (_, victim, world) => [
    get("search-ranking", { vendorId: vendorOf(victim) }),
    get("search-ranking"),
    send("search-ranking", "POST", { vendorId: vendorOf(victim), weights: balanced, activate: true }),
    send("search-ranking", "PATCH", { vendorId: vendorOf(victim), version: 1 }),
    send("search-ranking", "PUT", {
      vendorId: vendorOf(victim),
      pin: { productId: productOf(victim, world), query: "milk", action: "bury" },
    }),
    { name: "search-ranking", method: "DELETE", query: `vendorId=${vendorOf(victim)}&id=1` },
  ],
  "search-insights": (_, victim) => [
    get("search-insights"),
    get("search-insights", { vendorId: vendorOf(victim) }),
  ],
  "recommendations": (_, victim, world) => [
    get("recommendations", { kind: "for-you", vendorId: vendorOf(victim) }),
    get("recommendations", { kind: "similar", productId: productOf(victim, world) }),
    get("recommendations", { kind: "bought-together", productIds: productOf(victim, world) }),
    get("recommendations", { kind: "quantity", productId: productOf(victim, world) }),
    ...["for-you", "reorder", "discovery", "trending"].map((kind) => ({
      ...get("recommendations", { kind }),
      headers: { "x-session-key": victim.id },
    })),
  ],
  "recommendations-feedback": (_, victim, world) => [
    send("recommendations-feedback", "POST", {
      recommendationId: listOf(victim),
      productId: world.publicProduct,
      action: "dismiss",
    }),
    get("recommendations-feedback"),
  ],
  "recommendations-stream": (_, victim) => [
    get("recommendations-stream", { mode: "poll" }),
    { ...get("recommendations-stream", { mode: "poll", since: "0" }), headers: { "x-session-key": victim.id } },
    { ...get("recommendations-stream", { mode: "realtime" }), headers: { "x-session-key": victim.id } },
  ],
};
