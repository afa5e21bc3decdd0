import assert from "node:assert/strict";
import type { Caller } from "./caller.ts";
import { cacheScope } from "./callerScope.ts";

const user = (claims: Record<string, unknown>, userId = "u1"): Caller => ({
  kind: "user",
  userId,
  role: "authenticated",
  isAnonymous: false,
  claims: { sub: userId, ...claims },
  clientAddress: "192.0.2.1",
});

Deno.test("another token of the same session finds what was cached; changed claims, or another user, do not", () => {
  const scope = cacheScope(
    user({ exp: 1, iat: 1, jti: "a", aal: "aal1", app_metadata: { org: "x", roles: ["a", "b"] } }),
  );
  const again = cacheScope(user({ jti: "b", app_metadata: { roles: ["a", "b"], org: "x" }, aal: "aal1", exp: 2 }));
  assert.equal(scope, again);
  const others = [
    user({ aal: "aal1", app_metadata: { org: "y", roles: ["a", "b"] } }),
    user({ aal: "aal2", app_metadata: { org: "x", roles: ["a", "b"] } }),
    user({ aal: "aal1", app_metadata: { org: "x", roles: ["b", "a"] } }),
    user({ aal: "aal1", app_metadata: { org: "x", roles: ["a,b"] } }),
    user({ aal: "aal1", app_metadata: { org: "x", roles: ["a", "b"] } }, "u2"),
  ];
  assert.equal(new Set([scope, ...others.map(cacheScope)]).size, 6);
});

Deno.test("whoever has the same key and no identity shares what is cached, wherever they are", () => {
  const kinds = ["publishable", "secret"] as const;
  const scopes = kinds.flatMap((kind) =>
    ["default", "mobile"].flatMap((keyName) =>
      ["192.0.2.1", "192.0.2.2"].map((clientAddress) => cacheScope({ kind, keyName, clientAddress }))
    )
  );
  assert.equal(new Set([...scopes, cacheScope({ kind: "none", clientAddress: "192.0.2.1" })]).size, 5);
});
