import assert from "node:assert/strict";
import { flagSubject } from "./flagSubject.ts";

const clientAddress = "192.0.2.1";
const user = {
  kind: "user",
  userId: "6f1c",
  role: "authenticated",
  isAnonymous: false,
  claims: {},
  clientAddress,
} as const;

Deno.test("a user is themselves, whatever visitor they name", () => {
  assert.equal(flagSubject(user, "another"), "user:6f1c");
});

Deno.test("a visitor cannot take a user's place", () => {
  const visitor = { kind: "publishable", keyName: "default", clientAddress } as const;
  assert.equal(flagSubject(visitor, "user:6f1c"), "visitor:user:6f1c");
  assert.equal(flagSubject(visitor), undefined);
});
