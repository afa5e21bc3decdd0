// deno-lint-ignore-file no-console -- what came of the requests, and the memory
import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { startAiStandIn } from "../aiProviders/aiStandIn.ts";
import type { ScriptedAnswer } from "../aiProviders/scriptedAnswer.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";
import { residentMegabytes } from "./residentMegabytes.ts";

const isFull = Deno.env.get("BALLAST_CHAOS") === "full";
const requests = isFull ? 1_000 : 300;
/** A hanging model is waited for until the deadline. */
const hangs = isFull ? 5 : 0;
const users = 500;
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

/** With a large heap V8 does not collect for a long time, which looks like a leak; a real one ends an isolate with this. */
const smallHeap = "--max-old-space-size=56";

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
    env: { BALLAST_AI_KEY: "test", BALLAST_AI_BASE_URL: provider.openaiUrl, DENO_V8_FLAGS: smallHeap },
  });
  await stack.database.sql`insert into resilience.tuning_parameters (name, value)
    values ('circuit.ai.resetTimeout', '1000'), ('circuit.ai.rampStepMs', '300')`;
  const { ask, all } = await openCallers(stack);
  await all(requests);
  const warm = await residentMegabytes();

  // It dies after some answers, in every way there is.
  const reached = provider.seen.length;
  for (let answer = 0; answer < requests / 10; answer++) provider.next({});
  for (let hang = 0; hang < hangs; hang++) provider.next({ fault: { kind: "hang" } });
  provider.always(...faults);
  const told = await all(requests + hangs);
  const doomed = provider.seen.length - reached;
  provider.always({});

  // Asked until it is heard of again; the ramp lets a share through, the others get the fallback.
  let back = 0;
  const isBack = async () => (await ask(back++)).source === "model";
  assert.ok(await waitUntil(isBack, { timeoutMs: deadlineMs, everyMs: 100 }), "the model is not heard of again");
  const after = await all(requests);
  for (let wave = 0; wave < 4; wave++) await all(requests);
  const used = await residentMegabytes();
  for (let wave = 0; wave < 4; wave++) await all(requests);
  const cooled = await residentMegabytes();
  const longest = Math.max(...told.map(({ ms }) => ms));
  console.log(
    `${told.length} requests: ${count(told)}; ${doomed} reached it, longest ${
      longest.toFixed(0)
    } ms; heard of again after ` +
      `${back} calls; then ${
        count(after)
      }; resident ${warm} MB before, ${used} MB after four times as many more, ${cooled} MB after eight times`,
  );
  for (const { status, source, ms } of [...told, ...after]) {
    assert.equal(status, 200, source);
    assert.ok(source === "model" || source === "fallback", source);
    assert.ok(ms <= deadlineMs + graceMs);
  }
  assert.ok(told.some(({ source }) => source === "fallback") && told.some(({ source }) => source === "model"));
  if (used !== undefined) assert.ok(cooled! - used < 25 * isolates, `${used} MB became ${cooled} MB`);
});
