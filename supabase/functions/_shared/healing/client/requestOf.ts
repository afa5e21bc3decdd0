import type { HealingDeps } from "./healingDeps.ts";

/** The request that is served now, as records carry it. */
export function requestOf({ requestId }: Pick<HealingDeps, "requestId">): { readonly requestId?: string } {
  const id = requestId();
  return id === undefined ? {} : { requestId: id };
}
