import { equal, throws } from "node:assert/strict";
import { checkMetadata, checkNewPassword, normalizeEmail } from "./credentialRules.ts";

Deno.test("an e-mail is kept in lower case and without outer spaces", () => {
  equal(normalizeEmail("  Ada.Lovelace+shop@Example.COM "), "ada.lovelace+shop@example.com");
});

Deno.test("what is no e-mail is refused", () => {
  for (
    const wrong of [
      undefined,
      7,
      {},
      "",
      "ada",
      "a@b",
      "a@@b.co",
      "a b@c.de",
      "a@b.co\0",
      "a@-b.co",
      `${"x".repeat(251)}@b.co`,
    ]
  ) {
    throws(() => normalizeEmail(wrong), { code: "validation_failed", status: 400 }, String(wrong));
  }
});

Deno.test("a password has 6 characters at least and 72 bytes at most", () => {
  equal(checkNewPassword("p".repeat(72)), "p".repeat(72));
  throws(() => checkNewPassword("12345"), { code: "weak_password", status: 422 });
  throws(() => checkNewPassword("p".repeat(73)), { code: "validation_failed" });
  throws(() => checkNewPassword("\u00e9".repeat(37)), { code: "validation_failed" });
  throws(() => checkNewPassword("secret\0rest"), { code: "validation_failed" });
  throws(() => checkNewPassword(["secret"]), { code: "validation_failed" });
});

Deno.test("metadata is an object", () => {
  throws(() => checkMetadata([1]), { code: "validation_failed" });
  throws(() => checkMetadata("x"), { code: "validation_failed" });
  equal(Object.keys(checkMetadata(null)).length, 0);
});
