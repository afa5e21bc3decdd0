import type { Caller } from "../../_shared/http/caller.ts";

/** Who asks, as a history names them. */
export function callerName(caller: Caller): string {
  return caller.kind === "secret" ? `key:${caller.keyName}` : caller.kind;
}
