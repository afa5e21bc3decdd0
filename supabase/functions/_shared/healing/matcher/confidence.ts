import { confidenceBias, confidenceWeights } from "./confidenceWeights.ts";
import type { Standing } from "./competition.ts";
import { type PairFeatures, readFeature } from "./pairFeatures.ts";

const mostLead = 8;

/** What the confidence of an assigned pair is computed from, in the order of its weights. */
export function confidenceInputs(logit: number, standing: Standing, features: PairFeatures): number[] {
  return [
    logit,
    Math.min(mostLead, standing.overTargets),
    Math.min(mostLead, standing.overSources),
    readFeature(features, "alignment"),
    readFeature(features, "conflict"),
    readFeature(features, "oneSided"),
    readFeature(features, "wholes"),
  ];
}

/** The calibrated chance, 0..1, that an assigned pair means the same. */
export function confidenceOf(inputs: readonly number[]): number {
  return sigmoid(inputs.reduce((sum, input, at) => sum + input * (confidenceWeights[at] as number), confidenceBias));
}

/** The lead over the nearest rival as 0..1: 0 is a tie, 0.76 a lead of two in log odds. */
export function marginOf(standing: Standing): number {
  return Math.max(0, Math.tanh(Math.min(standing.overTargets, standing.overSources) / 2));
}

/** The logistic function. */
export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
