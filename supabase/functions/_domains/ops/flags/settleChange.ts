import { AppError } from "../../../_shared/errors/appError.ts";
import type { FeatureFlag } from "../../../_shared/flags/featureFlag.ts";
import type { ChangeNote, ChangeResult } from "../../../_shared/flags/flagStore.ts";
import type { Caller } from "../../../_shared/http/caller.ts";
import { callerName } from "../callerName.ts";
import type { FlagPorts } from "./flagPorts.ts";

/** Who changes a flag, as its history names them. */
export function noteOf(caller: Caller, reason: string | undefined): ChangeNote {
  return { changedBy: callerName(caller), reason };
}

/** The changed flag, seen by this isolate from now on; throws where nothing was changed. */
export function settleChange(
  action: string,
  name: string,
  result: ChangeResult,
  cache: FlagPorts["cache"],
): { flag: FeatureFlag } {
  switch (result.kind) {
    case "changed":
      cache.expire();
      return { flag: result.flag };
    case "missing":
      throw new AppError("not_found", `Cannot ${action} the flag as there is no flag named '${name}'`);
    case "conflict":
      throw new AppError(
        "conflict",
        `Cannot ${action} flag '${name}' as it is at version ${result.current.version}: read it and decide again`,
      );
  }
}
