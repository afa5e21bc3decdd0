import assert from "node:assert/strict";
import { normalizeText, tokenizeName } from "./tokenizeName.ts";

Deno.test("tokenizeName splits every common way of writing names alike", () => {
  for (
    const name of ["shippingAddress", "shipping_address", "Shipping-Address", "SHIPPING ADDRESS", "ShippingAddress"]
  ) {
    assert.deepEqual(tokenizeName(name), ["shipping", "address"], name);
  }
});

Deno.test("tokenizeName parts digits, acronyms and run-together words, and keeps phrases whole", () => {
  assert.deepEqual(tokenizeName("address2"), ["address", "2"]);
  assert.deepEqual(tokenizeName("HTTPServer"), ["http", "server"]);
  assert.deepEqual(tokenizeName("customerphone"), ["customer", "phone"]);
  assert.deepEqual(tokenizeName("dateOfBirth"), ["date_of_birth"]);
});

Deno.test("tokenizeName segments Chinese by known words, whichever the characters' form", () => {
  const traditional = tokenizeName("\u7522\u54c1\u540d\u7a31"); // product name
  assert.equal(traditional.length, 2);
  assert.deepEqual(traditional, tokenizeName("\u4ea7\u54c1\u540d\u79f0"));
});

Deno.test("normalizeText drops accents, case and the forms of full width", () => {
  assert.equal(normalizeText("Tel\u00e9fono"), "telefono");
  assert.equal(normalizeText("\uff35\uff32\uff2c"), "url");
});

Deno.test("tokenizeName takes any name, even an empty one", () => {
  assert.deepEqual(tokenizeName(""), []);
  assert.deepEqual(tokenizeName("--//"), []);
});
