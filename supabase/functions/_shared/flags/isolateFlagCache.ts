import type { Database } from "../db/database.ts";
import type { KnobReader } from "../optimizer/knobs/knobReader.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import { FlagCache } from "./flagCache.ts";
import { postgresFlagStore } from "./postgresFlagStore.ts";

/** What the isolate's view of the flags is made of. */
export interface IsolateFlagParts {
  /** The database with all rights; asked for at the first read. */
  readonly admin: () => Database;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "info">;
  /** @default defaultKnobs */
  readonly knobs?: KnobReader;
}

let cached: FlagCache | undefined;

/** This isolate's view of the flags, made at first use: whoever asks, the store is read at most once a second. */
export function isolateFlagCache({ admin, ...options }: IsolateFlagParts): FlagCache {
  return cached ??= new FlagCache({ list: () => postgresFlagStore(admin()).list() }, options);
}
