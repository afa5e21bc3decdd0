import type { AlertCondition } from "../alertCondition.ts";
import { criticalSchemaChanges } from "./criticalSchemaChanges.ts";
import { deadLetters } from "./deadLetters.ts";
import { deadMessages } from "./deadMessages.ts";
import { exhaustedStorage } from "./exhaustedStorage.ts";
import { failingHealing } from "./failingHealing.ts";
import { failingJobs } from "./failingJobs.ts";
import { failingSinks } from "./failingSinks.ts";
import { lonelyIsolates } from "./lonelyIsolates.ts";
import { openCircuits } from "./openCircuits.ts";
import { overdueJobs } from "./overdueJobs.ts";
import { revertedTrials } from "./revertedTrials.ts";
import { spentAiBudget } from "./spentAiBudget.ts";

/** All that is looked for each minute. */
export const allConditions: readonly AlertCondition[] = [
  exhaustedStorage,
  overdueJobs,
  failingJobs,
  openCircuits,
  lonelyIsolates,
  deadLetters,
  deadMessages,
  failingHealing,
  criticalSchemaChanges,
  spentAiBudget,
  revertedTrials,
  failingSinks,
];
