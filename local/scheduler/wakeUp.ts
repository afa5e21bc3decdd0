import type { Clock } from "../../supabase/functions/_shared/time/clock.ts";

/** One wake-up: which job, which function, and the moment it stands for. */
export interface WakeUp {
  readonly job: string;
  readonly functionName: string;
  readonly slotMs: number;
}

/** How long a function may take to answer, as pg_net is told in the hosted project. */
export const wakeUpTimeoutMs = 5000;

/** Posts a wake-up as `resilience.wake_job` does through pg_net: a hint whose answer nobody needs. Gives the status. */
export async function wakeUp(
  { job, functionName, slotMs }: WakeUp,
  { gatewayUrl, secretKey, clock, signal, fetch = globalThis.fetch }: {
    gatewayUrl: string;
    secretKey: string;
    clock: Clock;
    signal: AbortSignal;
    fetch?: typeof globalThis.fetch;
  },
): Promise<number> {
  const timeout = new AbortController();
  const cancel = clock.setTimer(
    () => timeout.abort(new Error(`Cannot wake '${job}' as '${functionName}' gave no answer in ${wakeUpTimeoutMs} ms`)),
    wakeUpTimeoutMs,
  );
  try {
    const response = await fetch(`${gatewayUrl.replace(/\/+$/, "")}/functions/v1/${functionName}`, {
      method: "POST",
      headers: { "content-type": "application/json", apikey: secretKey },
      body: JSON.stringify({ job, scheduledFor: new Date(slotMs).toISOString() }),
      signal: AbortSignal.any([signal, timeout.signal]),
    });
    await response.body?.cancel();
    return response.status;
  } finally {
    cancel();
  }
}
