import process from "node:process";
import type { Platform } from "./platform.ts";

interface EdgeRuntimeGlobal {
  EdgeRuntime?: { waitUntil(work: Promise<unknown>): void };
}

/**
 * Does this runtime tell the CPU time it has used? Deno below 2.2, and the Edge Runtime built on it, answer nothing but
 * a warning in the log for each call. The Edge Runtime's version string does not begin with a number.
 */
function tellsCpuTime(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 2);
}

const isCpuTimeTold = tellsCpuTime(Deno.version.deno);

function report(error: unknown): void {
  // deno-lint-ignore no-console -- the last resort: nothing above can hear of a failure after the response has left.
  console.error(JSON.stringify({ level: "error", message: "Background work failed", error: String(error) }));
}

// Read once a millisecond at most: asking for each request took 8 % of what a busy isolate computed.
let cpuTime = { readAt: -Infinity, ms: 0 };

/** The Supabase Edge Runtime, and plain Deno where there is none. */
export const denoPlatform: Platform = {
  env: (name) => Deno.env.get(name) || undefined,
  waitUntil(work) {
    const guarded = work.catch(report);
    (globalThis as EdgeRuntimeGlobal).EdgeRuntime?.waitUntil(guarded);
  },
  onRetire(listener) {
    addEventListener("beforeunload", (event) => {
      const detail = (event as CustomEvent<{ reason?: string }>).detail;
      listener(detail?.reason ?? "unload");
    });
  },
  cpuTimeMs() {
    if (!isCpuTimeTold) return undefined; // Callers fall back to wall-clock time.
    const now = performance.now();
    if (now - cpuTime.readAt >= 1) {
      const { user, system } = process.cpuUsage();
      cpuTime = { readAt: now, ms: (user + system) / 1000 };
    }
    return cpuTime.ms;
  },
  denoVersion: Deno.version.deno,
};
