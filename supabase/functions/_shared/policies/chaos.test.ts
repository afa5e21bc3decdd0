import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { isHosted } from "../platform/isHosted.ts";
import { seededRandom } from "../random/seededRandom.ts";
import { chaos, ChaosError, type ChaosOptions } from "./chaos.ts";
import { cancelCall } from "./testing/cancelCall.ts";

const here = { env: () => undefined };
const platformOf = (env: Record<string, string>) => ({ env: (name: string) => env[name] });

async function outcomes(options: ChaosOptions, calls = 1_000) {
  const clock = new FakeClock();
  const policy = chaos({ isOn: true, random: seededRandom(7), clock, platform: here, ...options });
  const settled: string[] = [];
  for (let call = 0; call < calls; call++) {
    settled.push(await policy.execute(() => "real").catch((error: Error) => error.name));
  }
  return settled;
}

const share = (settled: string[], wanted: string) => settled.filter((one) => one === wanted).length / settled.length;

Deno.test("chaos: the asked shares of calls fail or are answered wrongly, the same ones for the same seed", async () => {
  const settled = await outcomes({ faultShare: 0.2, outcomeShare: 0.1, outcome: () => "wrong" });
  assert.ok(Math.abs(share(settled, "ChaosError") - 0.2) < 0.04);
  assert.ok(Math.abs(share(settled, "wrong") - 0.08) < 0.03);
  assert.deepEqual(settled, await outcomes({ faultShare: 0.2, outcomeShare: 0.1, outcome: () => "wrong" }));
  const withLatency = await outcomes({ faultShare: 0.2, latencyShare: 0 });
  assert.deepEqual(settled.map((one) => one === "ChaosError"), withLatency.map((one) => one === "ChaosError"));
  assert.deepEqual(await outcomes({ faultShare: 1, fault: () => new TypeError() }, 2), ["TypeError", "TypeError"]);
});

Deno.test("chaos: late calls are late, and an abort ends the wait at once", async () => {
  const clock = new FakeClock();
  const policy = chaos({ isOn: true, latencyShare: 1, latencyMs: 300, clock, platform: here });
  let called = false;
  const late = policy.execute(() => called = true);
  await clock.advance(299);
  assert.equal(called, false);
  await clock.advance(1);
  assert.equal(await late, true);
  for (const cancelled of await cancelCall(policy)) {
    assert.deepEqual(cancelled, { outcome: "enough", listenersOnSignal: 0, listenersOnScope: 0 });
  }
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("chaos: off unless asked for, and then refused on the hosted runtime unless that is meant", async () => {
  const hosted = [
    { SB_REGION: "eu-central-1" },
    { DENO_REGION: "fra" },
    { DENO_DEPLOYMENT_ID: "x" },
    { SUPABASE_URL: "https://abcdefghijklmnopqrst.supabase.co" },
  ].map(platformOf);
  for (const platform of hosted) {
    assert.equal(await chaos({ faultShare: 1, platform }).execute(() => 7), 7);
    assert.throws(
      () => chaos({ isOn: true, faultShare: 1, platform }),
      /'breakRealCallsOnTheHostedRuntime' must be true/,
    );
    const meant = chaos({ isOn: true, breakRealCallsOnTheHostedRuntime: true, faultShare: 1, platform });
    await assert.rejects(meant.execute(() => 7), ChaosError);
  }
  assert.throws(() => chaos({ faultShare: 1.1 }), /'faultShare' must be a number from 0 to 1: current value is 1.1/);
});

Deno.test("isHosted: the local stack is not", () => {
  for (const env of [{}, { SB_REGION: "local", SUPABASE_URL: "http://127.0.0.1:54321", SB_EXECUTION_ID: "x" }]) {
    assert.equal(isHosted(platformOf(env as Record<string, string>)), false);
  }
});
