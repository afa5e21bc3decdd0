import type { CauseRef } from "./kernelEvent.ts";
import type { KernelHub } from "./kernelHub.ts";

/** Tells that what a cache held was dropped before its time. */
export function tellInvalidation(hub: KernelHub, cache: string, cause: CauseRef): void {
  if (!hub.isWatched) return;
  hub.counted(`cache.${cache}.invalidated`);
  hub.happened({ kind: "invalidation", subject: cache, cause });
}
