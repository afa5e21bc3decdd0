import { isolateKnobs } from "../optimizer/knobs/isolateKnobs.ts";
import type { Database } from "../db/database.ts";
import { errorText } from "../errors/errorText.ts";
import type { SharedHealing } from "../healing/client/sharedHealing.ts";
import type { Logger } from "../telemetry/logger.ts";

let opening: Promise<SharedHealing> | undefined;

/** This isolate's healing, loaded and opened at its first write. */
export function isolateHealing(admin: () => Database, log: Pick<Logger, "warn">): Promise<SharedHealing> {
  return opening ??= load(admin(), log);
}

async function load(admin: Database, log: Pick<Logger, "warn">): Promise<SharedHealing> {
  const { openSharedHealing } = await import("../healing/client/sharedHealing.ts");
  return openSharedHealing(admin, {
    knobs: isolateKnobs(),
    onError: (error) => log.warn("Something failed beside a write", { error: errorText(error) }),
  });
}
