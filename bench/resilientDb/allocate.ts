// Bytes allocated a call, by side. In a process of its own with a young generation so large that nothing is collected
// while it counts (see measureBytes.ts): what the heap has grown by is then all that was allocated.
import { bareSide, clientSide, type Side, textSide } from "./openSides.ts";

const url = Deno.args[0]!;
const calls = 2_000;
const collect = (globalThis as unknown as { gc(): void }).gc;

async function bytesOf(call: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < 3_000; i++) await call();
  collect();
  const before = Deno.memoryUsage().heapUsed;
  for (let i = 0; i < calls; i++) await call();
  return (Deno.memoryUsage().heapUsed - before) / calls;
}

const found: Record<string, { insert: number; select: number }> = {};
for (const side of [bareSide(url), textSide(url), clientSide(url)] satisfies Side[]) {
  found[side.label] = { insert: await bytesOf(() => side.insert()), select: await bytesOf(() => side.select()) };
  await side[Symbol.asyncDispose]();
}
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(found)));
