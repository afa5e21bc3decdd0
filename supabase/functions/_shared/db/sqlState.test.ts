import assert from "node:assert/strict";
import { classifySqlState, type SqlStateClass, sqlStateCodes, sqlStateOf, sqlStatePolicies } from "./sqlState.ts";

// Written out again on purpose: the table of the platform's facts, so that a slip in the source shows.
const expected: Record<Exclude<SqlStateClass, "other">, string> = {
  retry: "40001 40P01 55P03",
  connection_lost: "08000 08003 08006 08007 57P01 57P02 08P01 25P03 25P04 57P05 " +
    "CONNECTION_CLOSED CONNECTION_DESTROYED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT",
  never_ran: "08001 08004 57P03 53300 PGRST000 PGRST001 PGRST002 PGRST003 " +
    "ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH CONNECT_TIMEOUT CONNECTION_ENDED",
  capacity: "53100 53200 54000 54001 54011 54023 57014 25006 MAX_PARAMETERS_EXCEEDED",
  pooler: "26000 42P05 0A000",
  drift: "42703 42P01 42883 42704 3F000 42P10 42804 428C9 PGRST202 PGRST204 PGRST205",
  data: "22P02 22001 22003 22007 22008 22021 22P05 23502 23514 21000",
  conflict: "23505 23P01",
  order: "23503",
  rights: "42501 28000 28P01 3D000 SASL_SIGNATURE_MISMATCH",
};

for (const [name, codes] of Object.entries(expected)) {
  Deno.test(`sqlState: codes of class ${name}`, () => {
    for (const code of codes.split(" ")) assert.equal(classifySqlState(code), name, code);
  });
}

Deno.test("sqlState: no code stands in two classes, and none is missing from this test", () => {
  const codes = Object.values(sqlStateCodes).flat();
  assert.equal(new Set(codes).size, codes.length);
  const tested = new Set(Object.values(expected).flatMap((line) => line.split(" ")));
  assert.deepEqual(codes.filter((code) => !tested.has(code)), []);
});

Deno.test("sqlState: what nobody listed is other, and never healed", () => {
  for (const code of [undefined, "", "00000", "25P02", "42601", "PGRST999", "54", "540001"]) {
    assert.equal(classifySqlState(code), "other", String(code));
  }
  assert.equal(sqlStatePolicies.other.mayHeal, false);
});

Deno.test("sqlState: only a lost connection leaves the outcome open, and rights are never tried again", () => {
  const open = Object.entries(sqlStatePolicies).filter(([, policy]) => policy.outcome === "unknown");
  assert.deepEqual(open.map(([name]) => name), ["connection_lost"]);
  assert.equal(sqlStatePolicies.rights.again, "never");
  assert.equal(sqlStatePolicies.rights.maxAttempts, 1);
  assert.deepEqual(
    Object.entries(sqlStatePolicies).filter(([, policy]) => policy.mayHeal).map(([name]) => name),
    ["drift", "data"],
  );
});

Deno.test("sqlStateOf: reads the code through causes, and survives a circle", () => {
  const driver = Object.assign(new Error("x"), { code: "23505" });
  assert.equal(sqlStateOf(new Error("outer", { cause: new Error("mid", { cause: driver }) })), "23505");
  assert.equal(sqlStateOf("40001"), undefined);
  const circle = new Error("a") as Error & { cause: unknown };
  circle.cause = circle;
  assert.equal(sqlStateOf(circle), undefined);
});
