import process from "node:process";

/** What a stretch of calls found. */
export interface CallLoad {
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of this process a call, in microseconds: what else the machine does weighs little on it. */
  readonly cpuUs: number;
}

/** Calls again and again for a while, so many at a time. */
export async function measureCalls(
  call: () => Promise<unknown>,
  { inFlight, ms }: { readonly inFlight: number; readonly ms: number },
): Promise<CallLoad> {
  const latencies: number[] = [];
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const until = startedAt + ms;
  async function keepCalling(): Promise<void> {
    for (let before = performance.now(); before < until;) {
      await call();
      const after = performance.now();
      latencies.push(after - before);
      before = after;
    }
  }
  await Promise.all(Array.from({ length: inFlight }, keepCalling));
  const callsPerSecond = latencies.length / (performance.now() - startedAt) * 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuUs = (user + system) / latencies.length;
  return { callsPerSecond, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99), cpuUs };
}

/** The value that this share of the others does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
