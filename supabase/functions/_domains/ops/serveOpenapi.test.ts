import assert from "node:assert/strict";
import { serveOpenapi } from "./serveOpenapi.ts";

Deno.test("the document names the project's own address, whatever it named before", () => {
  const document = { openapi: "3.1.0", paths: {}, servers: [{ url: "https://example.com" }] };
  const served = serveOpenapi(document, () => "https://abc.supabase.co/")();
  assert.deepEqual(served, {
    openapi: "3.1.0",
    paths: {},
    servers: [{ url: "https://abc.supabase.co/functions/v1" }],
  });
});
