import assert from "node:assert/strict";
import { BigQuerySettingsError, readBigQuerySettings } from "./bigQuerySettings.ts";

const key = JSON.stringify({ client_email: "a@b.example", private_key: "-----BEGIN PRIVATE KEY-----\nSECRET\n" });
const read = (env: Record<string, string>) => readBigQuerySettings((name) => env[name], { isHosted: true });
const given = { BALLAST_BIGQUERY_TABLE: "my-shop.events.raw_2026", BALLAST_BIGQUERY_KEY: key };

Deno.test("a table and a key make a sink, nothing makes none", () => {
  assert.equal(read({}), undefined);
  const settings = read(given)!;
  assert.deepEqual([settings.project, settings.dataset, settings.table], ["my-shop", "events", "raw_2026"]);
  assert.equal(settings.key.tokenUrl.href, "https://oauth2.googleapis.com/token");
});

Deno.test("what makes no sense is said, without quoting the key", () => {
  const inward = JSON.stringify({ ...JSON.parse(key), token_uri: "https://169.254.169.254/token" });
  for (
    const wrong of [
      { BALLAST_BIGQUERY_TABLE: "my-shop.events" },
      { BALLAST_BIGQUERY_TABLE: "my-shop.events.raw/../../x" },
      { BALLAST_BIGQUERY_KEY: "SECRET" },
      { BALLAST_BIGQUERY_KEY: "{}" },
      { BALLAST_BIGQUERY_KEY: inward },
      { BALLAST_BIGQUERY_URL: "http://bigquery.example" },
    ]
  ) {
    assert.throws(
      () => read({ ...given, ...wrong }),
      (error) => error instanceof BigQuerySettingsError && !error.message.includes("SECRET"),
      JSON.stringify(wrong),
    );
  }
});
