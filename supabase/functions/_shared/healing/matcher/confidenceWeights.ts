// Written by bench/matcher/fitModel.ts; do not edit by hand.
export const confidenceWeights: readonly number[] = [0.2736, 0.4022, 0.4188, -0.187, 0.6602, 0.1225, -0.2994];
export const confidenceBias = -0.4789;
