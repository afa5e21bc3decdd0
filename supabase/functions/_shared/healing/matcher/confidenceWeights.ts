// Written by bench/matcher/fitModel.ts; do not edit by hand.
export const confidenceWeights: readonly number[] = [0.2528, 0.4055, 0.4295, -0.3876, 0.5892, 0.0515, -0.3294];
export const confidenceBias = -0.4326;
