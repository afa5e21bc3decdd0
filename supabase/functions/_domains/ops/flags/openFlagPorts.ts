import { isolateFlagCache } from "../../../_shared/flags/isolateFlagCache.ts";
import { postgresFlagStore } from "../../../_shared/flags/postgresFlagStore.ts";
import { kernelServices } from "../../../_shared/http/kernelServices.ts";
import type { OpenFlagPorts } from "./flagPorts.ts";

/** The ports of ops-flags. The isolate's view outlives the request, so its database is not bound to the request's signal. */
export const openFlagPorts: OpenFlagPorts = (ctx) => {
  const { admin, clock, log } = kernelServices();
  return { store: postgresFlagStore(ctx.admin), cache: isolateFlagCache({ admin: () => admin(), clock, log }) };
};
