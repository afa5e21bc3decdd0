/** What other domains may use of batch learning. */
export { estimatePropensities, type PositionCount, type PositionPropensity } from "./positionPropensity.ts";
