import process from "node:process";
import type { Platform } from "./platform.ts";

interface EdgeRuntimeGlobal {
  EdgeRuntime?: { waitUntil(work: Promise<unknown>): void };
}

function report(error: unknown): void {
  // deno-lint-ignore no-console -- the last resort: nothing above can hear of a failure after the response has left.
  console.error(JSON.stringify({ level: "error", message: "Background work failed", error: String(error) }));
}

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
    try {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    } catch {
      return undefined; // Not told by this runtime: callers fall back to wall-clock time.
    }
  },
  denoVersion: Deno.version.deno,
};
