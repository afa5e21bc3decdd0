import { sleep } from "../../supabase/functions/_shared/time/sleep.ts";

/** Asks every `everyMs` until the answer is yes; `false` when `timeoutMs` have passed without one. */
export async function waitUntil(
  isDone: () => boolean | Promise<boolean>,
  options: { timeoutMs: number; /** @default 20 */ everyMs?: number },
): Promise<boolean> {
  const { timeoutMs, everyMs = 20 } = options;
  const end = performance.now() + timeoutMs;
  while (!(await isDone())) {
    if (performance.now() >= end) return false;
    await sleep(everyMs);
  }
  return true;
}
