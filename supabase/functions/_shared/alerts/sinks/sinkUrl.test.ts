import assert from "node:assert/strict";
import { sinkUrl } from "./sinkUrl.ts";

Deno.test("an address is https; on your own machine http to itself will do", () => {
  assert.equal(sinkUrl("https://hooks.example/x?y=1", { isHosted: true }).href, "https://hooks.example/x?y=1");
  assert.equal(sinkUrl("http://localhost:8080/x", { isHosted: false }).port, "8080");
  assert.equal(sinkUrl("http://127.0.0.1:8080/x", { isHosted: false }).port, "8080");
  for (const text of ["http://hooks.example", "ftp://hooks.example", "file:///etc/passwd", "hooks.example", ""]) {
    assert.throws(() => sinkUrl(text, { isHosted: false }), TypeError, text);
  }
});

Deno.test("on the hosted platform no address leads inward, however it is written", () => {
  const inward = [
    "localhost",
    "a.localhost",
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "10.1.2.3",
    "172.20.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[fd00::1]",
    "[fe80::1]",
  ];
  for (const host of inward) {
    assert.throws(() => sinkUrl(`https://${host}/`, { isHosted: true }), /leads inward/, host);
  }
  for (const host of ["172.32.0.1", "100.128.0.1", "8.8.8.8", "[2606:4700::1111]", "10.example"]) {
    sinkUrl(`https://${host}/`, { isHosted: true });
  }
});

Deno.test("an address that carries a password is refused without being quoted", () => {
  assert.throws(
    () => sinkUrl("https://me:hunter2@hooks.example", { isHosted: false }),
    (error: Error) => /carries a name or a password/.test(error.message) && !error.message.includes("hunter2"),
  );
});
