import assert from "node:assert/strict";
import { readEpoch } from "./epoch.ts";

Deno.test("seconds and milliseconds are told by their digits", () => {
  assert.equal(readEpoch(1_700_000_000), "2023-11-14T22:13:20Z");
  assert.equal(readEpoch(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
  assert.equal(readEpoch(1_700_000_000.5), "2023-11-14T22:13:20.5Z");
  for (const other of [170_000_000, 17_000_000_000, -1_700_000_000, 1_700_000_000_123.5]) {
    assert.equal(readEpoch(other), undefined, String(other));
  }
});

Deno.test("a written hour of our times is no moment for certain, one of the year 1612 is one of 2021", () => {
  assert.equal(readEpoch(2_031_123_123), undefined);
  assert.equal(readEpoch(1_999_010_100), undefined);
  assert.equal(readEpoch(1_612_112_312), "2021-01-31T16:58:32Z");
});
