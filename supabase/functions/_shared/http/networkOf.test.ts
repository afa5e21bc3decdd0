import assert from "node:assert/strict";
import { rateLimitScope } from "./callerScope.ts";
import { networkOf } from "./networkOf.ts";

Deno.test("an IPv6 address stands for its network, however it is written; an IPv4 address for itself", () => {
  for (const address of ["2001:db8:0:7::1", "2001:0DB8:0000:0007:ffff:1:2:3", "2001:db8:0:7:8::"]) {
    assert.equal(networkOf(address), "2001:db8:0:7::/64");
  }
  assert.equal(networkOf("::1"), "0:0:0:0::/64");
  assert.equal(networkOf("2001:db8::5"), "2001:db8:0:0::/64");
  for (const address of ["192.0.2.1", "::ffff:192.0.2.1", "unknown"]) assert.equal(networkOf(address), address);
});

Deno.test("whoever changes addresses within a network gets no second limit", () => {
  const scopeOf = (clientAddress: string) => rateLimitScope({ kind: "publishable", keyName: "default", clientAddress });
  assert.equal(scopeOf("2001:db8::1"), scopeOf("2001:db8::2"));
  assert.notEqual(scopeOf("2001:db8::1"), scopeOf("2001:db8:0:1::1"));
});
