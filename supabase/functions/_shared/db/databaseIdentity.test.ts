import assert from "node:assert/strict";
import type { Caller } from "../http/caller.ts";
import { assumeIdentity, databaseIdentity } from "./databaseIdentity.ts";

const clientAddress = "127.0.0.1";
const user = (role: string, claims: Record<string, unknown> = {}): Caller =>
  ({ kind: "user", userId: "u", role, isAnonymous: false, claims, clientAddress }) as Caller;

Deno.test("database identity: each kind of caller has its role, and no token chooses another", () => {
  const roleOf = (caller: Caller) => databaseIdentity(caller).role;
  assert.equal(roleOf(user("authenticated")), "authenticated");
  assert.equal(roleOf(user("anon")), "anon");
  for (const role of ["service_role", "postgres", "supabase_admin", "authenticated'; --"]) {
    assert.equal(roleOf(user(role, { role })), "anon");
    assert.equal(databaseIdentity(user(role, { role })).claims.role, "anon");
  }
  assert.equal(roleOf({ kind: "publishable", keyName: "default", clientAddress }), "anon");
  assert.equal(roleOf({ kind: "none", clientAddress }), "anon");
  assert.equal(roleOf({ kind: "secret", keyName: "default", clientAddress }), "service_role");
});

Deno.test("database identity: claims travel as one quoted literal, for the transaction alone", () => {
  const sql = assumeIdentity(databaseIdentity(user("authenticated", { sub: "u", name: "O'Brien" })));
  assert.equal(
    sql,
    `set local request.jwt.claims = '{"sub":"u","name":"O''Brien","role":"authenticated"}'; set local role authenticated`,
  );
});
