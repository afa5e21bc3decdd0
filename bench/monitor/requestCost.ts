import * as z from "zod";
import { createFunctionFactory } from "../../supabase/functions/_shared/http/functionFactory.ts";
import { fakeServices } from "../../supabase/functions/_shared/http/testing/fakeServices.ts";
import { IsolateMonitor } from "../../supabase/functions/_shared/monitor/isolateMonitor.ts";
import { type Monitor, silentMonitor } from "../../supabase/functions/_shared/monitor/monitor.ts";
import { systemRandom } from "../../supabase/functions/_shared/random/random.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { median } from "../report/median.ts";

const rounds = 31;
const requestsARound = 2_000;

function answerer(monitor: Monitor): () => Promise<Response> {
  const fn = createFunctionFactory(() => fakeServices({ monitor }))({
    name: "read",
    summary: "Read something",
    auth: ["none"],
    methods: {
      GET: {
        input: z.strictObject({ id: z.coerce.number() }),
        output: z.object({ id: z.number() }),
        handler: ({ id }) => ({ id }),
      },
    },
  });
  return () => fn.fetch(new Request("http://localhost/functions/v1/read?id=42"));
}

/** Microseconds that measuring adds to a request through `defineFunction`, and what one takes without. */
export async function requestCost(): Promise<{ bareUs: number; addedUs: number }> {
  const sides = [
    answerer(silentMonitor),
    answerer(
      new IsolateMonitor({
        store: { record: () => Promise.resolve() },
        isolate: () => "bench",
        clock: systemClock,
        random: systemRandom,
        waitUntil: () => {},
      }),
    ),
  ] as const;
  const times: [number[], number[]] = [[], []];
  for (let round = -3; round < rounds; round++) {
    for (const side of round % 2 === 0 ? [0, 1] as const : [1, 0] as const) {
      const startedAt = performance.now();
      for (let request = 0; request < requestsARound; request++) await sides[side]();
      if (round >= 0) times[side].push((performance.now() - startedAt) * 1_000 / requestsARound);
    }
  }
  const [bare, measured] = times;
  // Round by round, so that a slow moment of the machine weighs on both.
  return { bareUs: median(bare), addedUs: median(measured.map((value, round) => value - bare[round]!)) };
}
