import assert from "node:assert/strict";
import { readDsn } from "./plainSentry.ts";

Deno.test("a DSN names the address of a project's envelopes, whatever folder it stands in", () => {
  assert.deepEqual(readDsn("https://abc@o1.ingest.sentry.io/42"), {
    url: "https://o1.ingest.sentry.io/api/42/envelope/",
    key: "abc",
  });
  assert.deepEqual(readDsn("http://abc@localhost:9000/sub/folder/7"), {
    url: "http://localhost:9000/sub/folder/api/7/envelope/",
    key: "abc",
  });
  for (const bad of ["", "nonsense", "https://host/42", "https://abc@host/", "ftp://abc@host/42", "https://abc@host"]) {
    assert.equal(readDsn(bad), undefined, bad);
  }
});
