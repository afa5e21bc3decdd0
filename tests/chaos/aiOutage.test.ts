// deno-lint-ignore-file no-console -- what came of the requests, and the memory
import assert from "node:assert/strict";
import { startAiStandIn } from "../aiProviders/aiStandIn.ts";
import type { ScriptedAnswer } from "../aiProviders/scriptedAnswer.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";
import { residentMegabytes } from "./residentMegabytes.ts";

const isFull = Deno.env.get("BALLAST_CHAOS") === "full";
const requests = isFull ? 1_000 : 300;
const users = 50;
/** The function's own, and what a busy machine takes besides. */
const deadlineMs = 60_000;
const graceMs = 20_000;
const isolates = 2;

const faults: readonly ScriptedAnswer[] = [
  { fault: { kind: "status", status: 500 } },
  { fault: { kind: "status", status: 529 } },
  { fault: { kind: "reset" } },
  { fault: { kind: "no_json" } },
];

interface Told {
  readonly status: number;
  readonly source: string;
  readonly ms: number;
}

async function openCallers(stack: TestStack) {
  const tokens = await Promise.all(
    Array.from({ length: users }, () => userToken(stack.signingKey, { userId: crypto.randomUUID() })),
  );
  const ask = async (number: number): Promise<Told> => {
    const startedAt = performance.now();
    const response = await stack.call("ai-complete", {
      method: "POST",
      headers: { authorization: `Bearer ${tokens[number % users]}`, "content-type": "application/json" },
      body: JSON.stringify({ prompt: "summarize-text", variables: { text: `Text ${number}. More.`, sentences: 1 } }),
      signal: AbortSignal.timeout(deadlineMs + graceMs),
    });
    const body = await response.json();
    return { status: response.status, source: body.source ?? body.code, ms: performance.now() - startedAt };
  };
  return { ask, all: (count: number) => Promise.all(Array.from({ length: count }, (_, number) => ask(number))) };
}

function count(told: readonly Told[]): string {
  const counts = new Map<string, number>();
  for (const { status, source } of told) {
    const kind = `${status} ${source}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, times]) => `${times} ${kind}`).join(", ");
}

Deno.test("a model that dies and comes back under many requests: each is answered, by it or marked as a fallback, in time", async () => {
  await using provider = startAiStandIn();
  await using stack = await testStack({
    isolates,
    env: { BALLAST_AI_KEY: "test", BALLAST_AI_BASE_URL: provider.openaiUrl },
  });
  await stack.database.sql`insert into resilience.tuning_parameters (name, value)
    values ('circuit.ai.resetTimeout', '1000'), ('circuit.ai.rampStepMs', '300')`;
  const { ask, all } = await openCallers(stack);
  await all(requests);
  const warm = await residentMegabytes();

  let reached = provider.seen.length;
  const during = all(requests);
  for (let fault = 0; fault < 12; fault++) {
    provider.always(faults[fault % faults.length]!);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const hanging = Promise.all(Array.from({ length: isFull ? 5 : 0 }, (_, number) => {
    provider.next({ fault: { kind: "hang" } });
    return ask(number);
  }));
  const told = [...await during, ...await hanging];
  const doomed = provider.seen.length - reached;
  provider.always({});

  // Asked until it is heard of again; the ramp lets a share through, the others get the fallback.
  let back = 0;
  for (; (await ask(back)).source !== "model"; back++) await new Promise((resolve) => setTimeout(resolve, 100));
  reached = provider.seen.length;
  const after = await all(requests);
  const cooled = await residentMegabytes();
  const longest = Math.max(...told.map(({ ms }) => ms));
  console.log(
    `${told.length} requests: ${count(told)}; ${doomed} reached it, longest ${
      longest.toFixed(0)
    } ms; heard of again after ` +
      `${back} calls; then ${count(after)}; resident ${warm} MB before, ${cooled} MB after`,
  );
  for (const { status, source, ms } of [...told, ...after]) {
    assert.equal(status, 200, source);
    assert.ok(source === "model" || source === "fallback", source);
    assert.ok(ms <= deadlineMs + graceMs);
  }
  assert.ok(told.some(({ source }) => source === "fallback"));
  if (warm !== undefined) assert.ok(cooled! - warm < 100 * isolates, `${warm} MB became ${cooled} MB`);
});
