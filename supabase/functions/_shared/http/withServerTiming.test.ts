import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { ServerTiming } from "./withServerTiming.ts";

Deno.test("each part and the whole are told in milliseconds with two places", async () => {
  const clock = new FakeClock();
  const timing = new ServerTiming(clock);
  await clock.advance(1.006);
  const startedAt = timing.now();
  await clock.advance(20);
  timing.record("use-case", startedAt);
  await clock.advance(1_000.5);
  assert.equal(timing.header(), "use-case;dur=20.00, total;dur=1021.51");
  for (
    const [ms, text] of [[0, "0.00"], [0.004, "0.00"], [0.07, "0.07"], [9.999, "10.00"], [123.4, "123.40"]] as const
  ) {
    const other = new ServerTiming(clock);
    await clock.advance(ms);
    assert.equal(other.header(), `total;dur=${text}`);
  }
});
