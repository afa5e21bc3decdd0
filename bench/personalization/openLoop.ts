// The load generator: a process of its own that sends each request at its own time, whether or not the earlier ones are
// answered. Latency counts from when a request was due, so that a stall shows in all it delayed.
import type { DueRequest, LoadAnswer } from "./loadPlan.ts";

const [planFile] = Deno.args as [string];
const { perSecond, requests } = JSON.parse(Deno.readTextFileSync(planFile)) as {
  perSecond: number;
  requests: DueRequest[];
};
const startAt = performance.now() + 50;

async function send({ url, init, side }: DueRequest, place: number): Promise<LoadAnswer> {
  const dueAt = startAt + place * 1_000 / perSecond;
  const early = dueAt - performance.now();
  if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
  const sentAt = performance.now();
  const response = await fetch(url, init);
  const text = await response.text();
  const endedAt = performance.now();
  return {
    side,
    status: response.status,
    // A timer fires up to a millisecond late: that is the generator's own, unless it was busy for longer.
    latencyMs: endedAt - Math.min(sentAt, dueAt + 1.5),
    ...(response.ok ? {} : { text: text.slice(0, 300) }),
  };
}

const answers = await Promise.all(requests.map(send));
Deno.writeTextFileSync(`${planFile}.answers`, JSON.stringify(answers));
Deno.exit(0);
