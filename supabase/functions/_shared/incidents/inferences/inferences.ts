import type { Inference } from "../blame.ts";
import { aloneInIsolate } from "./aloneInIsolate.ts";
import { contention } from "./contention.ts";
import { courseOfCircuit } from "./courseOfCircuit.ts";
import { databaseOutage } from "./databaseOutage.ts";
import { driftBySchema } from "./driftBySchema.ts";
import { explicitCause } from "./explicitCause.ts";
import { keptAwayByCircuit } from "./keptAwayByCircuit.ts";
import { limitMet } from "./limitMet.ts";
import { moneyOfModel } from "./moneyOfModel.ts";
import { tripByDependency } from "./tripByDependency.ts";
import { troubleOfJob } from "./troubleOfJob.ts";
import { troubleOfRequest } from "./troubleOfRequest.ts";
import { unfitPayload } from "./unfitPayload.ts";

/** Every rule. Of those that know a cause the surest is taken; of equally sure ones the first of this list. */
export const inferences: readonly Inference[] = [
  explicitCause,
  courseOfCircuit,
  keptAwayByCircuit,
  contention,
  databaseOutage,
  driftBySchema,
  tripByDependency,
  troubleOfRequest,
  troubleOfJob,
  moneyOfModel,
  aloneInIsolate,
  limitMet,
  unfitPayload,
];
