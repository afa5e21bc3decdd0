// Written by bench/matcher/fitModel.ts; do not edit by hand.
export const confidenceWeights: readonly number[] = [0.2484, 0.4154, 0.4205, -0.3494, 0.6168, 0.0684, -0.2851];
export const confidenceBias = -0.4529;
