import type { Fact, FactKind } from "../fact.ts";

/** When the night of the tests begins. */
export const nightMs = Date.UTC(2026, 10, 26, 2, 0, 0);

let made = 0;

/** A fact `second` seconds into the night, with what is given changed. */
export function factAt(second: number, kind: FactKind, subject: string, options: Partial<Fact> = {}): Fact {
  const atMs = nightMs + second * 1_000;
  const requests = options.requests ?? [];
  return {
    id: `event:${String(++made).padStart(6, "0")}`,
    kind,
    atMs,
    untilMs: atMs,
    subject,
    requests,
    requestCount: requests.length,
    occurrences: 1,
    costMs: 0,
    detail: {},
    ...options,
  };
}

/** A column is renamed; four writes are mended, one is given up and lands later. */
export function renamedColumn(): Fact[] {
  const heal = (second: number, n: number) =>
    factAt(second, "heal", "public.orders", {
      id: `heal:${n}`,
      ref: `heal:${n}`,
      requests: [`order-${n}`],
      costMs: 12,
      functionName: "orders",
      isolate: "iso-1",
      detail: { diagnosis: "unknown_column", strategy: "catalog_rename", from: "customer", to: "client_id", oid: 5 },
    });
  return [
    factAt(600, "schema_change", "public.orders", {
      id: "schema:7:public.orders",
      ref: "schema:7",
      detail: { says: "column renamed customer -> client_id", names: "client_id, customer", oid: 5 },
    }),
    ...[1, 2, 3, 4].map((n) => heal(600.1 + n, n)),
    factAt(603, "dead_letter", "public.orders", {
      id: "letter:1",
      ref: "letter:1",
      cause: "sqlstate:42703",
      requests: ["order-5"],
      detail: { oid: 5, columns: "customer", isOpen: false },
    }),
    factAt(900, "replay", "public.orders", { id: "replay:1", cause: "letter:1", detail: { outcome: "landed" } }),
  ];
}

/** A gateway is down for ten minutes. */
export function gatewayDown(): Fact[] {
  const turn = (second: number, kind: FactKind, epoch: number, reason: string, more: Fact["detail"] = {}) =>
    factAt(second, kind, "ai", {
      id: `circuit:${epoch}`,
      ref: `circuit:ai:${epoch}`,
      detail: { scope: "fleet", reason, ...more },
    });
  const kept = [1, 2, 3].flatMap((n) => [
    factAt(1_210 + n, "shed", "ai", {
      cause: "circuit:ai:1",
      requests: [`ask-${n}`],
      isolate: "iso-1",
      functionName: "ask",
    }),
    factAt(1_210 + n, "fallback", "ai", { requests: [`ask-${n}`], isolate: "iso-1", functionName: "ask" }),
  ]);
  return [
    turn(1_200, "trip", 1, "6 of 6 calls failed for 2 isolates", { voters: 2, calls: 6, failures: 6 }),
    factAt(1_200.2, "trip", "ai", {
      ref: "circuit:ai:1",
      cause: "error:503",
      isolate: "iso-2",
      detail: { scope: "fleet" },
    }),
    ...kept,
    turn(1_230, "way_back", 2, "its time was up"),
    turn(1_231, "trip", 3, "the probe failed"),
    turn(1_800, "way_back", 4, "its time was up"),
    turn(1_803, "recovery", 5, "nothing failed"),
    factAt(1_220, "failure", "ask", { cause: "error:overloaded", requests: ["ask-3"], functionName: "ask" }),
  ];
}

/** Transactions that lock two tables in opposite order; all but one go through in the end. */
export function deadlockStorm(): Fact[] {
  const retries = [0, 1, 2, 3, 4, 5].map((n) =>
    factAt(2_400 + n, "retry", n % 2 === 0 ? "public.stock" : "public.bookings", {
      cause: "sqlstate:40P01",
      requests: [`book-${Math.floor(n / 2)}`],
      isolate: "iso-1",
      functionName: "book",
      costMs: 40,
    })
  );
  return [
    ...retries,
    factAt(2_407, "failure", "book", { cause: "error:conflict", requests: ["book-2"], functionName: "book" }),
  ];
}

/** One isolate in which everything fails, while the others go on. */
export function poisonedIsolate(): Fact[] {
  const own = (second: number, kind: FactKind, subject: string, more: Partial<Fact> = {}) =>
    factAt(second, kind, subject, { isolate: "iso-9", functionName: "pay", ...more });
  return [
    own(3_000, "trip", "payments", {
      ref: "circuit:payments:1",
      cause: "error:EHOSTUNREACH",
      detail: { scope: "isolate" },
    }),
    own(3_001, "trip", "maps", {
      ref: "circuit:maps:1",
      cause: "isolate:iso-9",
      detail: { scope: "isolate", isDoubtful: true },
    }),
    own(3_002, "shed", "payments", { cause: "circuit:payments:1", requests: ["pay-1"] }),
    own(3_003, "failure", "pay", { cause: "error:overloaded", requests: ["pay-1"] }),
    own(3_004, "retry", "public.payments", { cause: "sqlstate:CONNECT_TIMEOUT", requests: ["pay-2"], costMs: 900 }),
    own(3_005, "failure", "pay", { cause: "error:internal", requests: ["pay-3"] }),
  ];
}

/** All of it, and one failure that nothing explains. */
export function wholeNight(): Fact[] {
  return [
    ...renamedColumn(),
    ...gatewayDown(),
    ...deadlockStorm(),
    ...poisonedIsolate(),
    factAt(3_300, "failure", "search", { cause: "error:internal", requests: ["find-1"], functionName: "search" }),
  ];
}
