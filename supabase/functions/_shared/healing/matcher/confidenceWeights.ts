// Written by bench/matcher/fitModel.ts; do not edit by hand.
export const confidenceWeights: readonly number[] = [0.2753, 0.4024, 0.3932, -0.0513, 0.6764, 0.184, -0.3081];
export const confidenceBias = -0.4755;
