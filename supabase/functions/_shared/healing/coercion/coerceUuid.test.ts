import { expectCoercions } from "./testing/expectCoercions.ts";

Deno.test("uuids in all their spellings", () => {
  const uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
  expectCoercions("uuid", {
    fits: [
      [uuid, uuid],
      [uuid.toUpperCase(), uuid],
      [`{${uuid}}`, uuid],
      [`urn:uuid:${uuid}`, uuid],
      [uuid.replaceAll("-", ""), uuid],
    ],
    refused: [
      [uuid.slice(1), "not_a_uuid"],
      [uuid.replace("a", "g"), "not_a_uuid"],
      [`{${uuid}`, "not_a_uuid"],
      [new Uint8Array(16), "unsupported_value"],
    ],
  });
});
