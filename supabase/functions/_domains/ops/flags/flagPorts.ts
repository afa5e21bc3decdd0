import type { FlagCache } from "../../../_shared/flags/flagCache.ts";
import type { FlagStore } from "../../../_shared/flags/flagStore.ts";
import type { RequestContext } from "../../../_shared/http/context.ts";

/** What ops-flags is made of: the truth, and this isolate's view of it. */
export interface FlagPorts {
  readonly store: FlagStore;
  readonly cache: Pick<FlagCache, "snapshot" | "expire">;
}

/** Makes the ports of one request. */
export type OpenFlagPorts = (ctx: Pick<RequestContext, "admin">) => FlagPorts;
