// Written by bench/matcher/fitModel.ts; do not edit by hand.
export const confidenceWeights: readonly number[] = [0.2218, 0.4089, 0.4245, -0.2165, 0.4338, 0.1037, -0.2594];
export const confidenceBias = -0.5815;
