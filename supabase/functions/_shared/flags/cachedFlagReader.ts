import { evaluateFlag } from "./evaluateFlag.ts";
import type { FlagCache } from "./flagCache.ts";
import type { FlagReader } from "./flagReader.ts";

/** A reader bound to its caller's subject, over the isolate's view of the flags. */
export function cachedFlagReader(cache: Pick<FlagCache, "snapshot">, callerSubject: string | undefined): FlagReader {
  return {
    async isOn(name, subject = callerSubject) {
      const flag = (await cache.snapshot()).flags.get(name);
      return flag !== undefined && evaluateFlag(flag, subject);
    },
  };
}
