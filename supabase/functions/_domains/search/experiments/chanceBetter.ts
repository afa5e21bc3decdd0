/** How often something came of something. */
export interface Trials {
  readonly successes: number;
  readonly trials: number;
}

/**
 * The probability that `treatment` has the higher rate, from both rates' Beta posteriors over a flat prior, each taken as a normal
 * distribution of its mean and variance. 0.5 where nothing is known.
 */
export function chanceBetter(control: Trials, treatment: Trials): number {
  const [one, other] = [posterior(control), posterior(treatment)];
  return normalBelow((other.mean - one.mean) / Math.sqrt(one.variance + other.variance));
}

function posterior({ successes, trials }: Trials): { mean: number; variance: number } {
  const alpha = successes + 1;
  const beta = Math.max(0, trials - successes) + 1;
  const sum = alpha + beta;
  return { mean: alpha / sum, variance: alpha * beta / (sum ** 2 * (sum + 1)) };
}

/** The standard normal distribution function, by Abramowitz and Stegun's formula 7.1.26: within 1.5e-7. */
function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const tail = t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) *
    Math.exp(-x * x);
  return z >= 0 ? 1 - tail / 2 : tail / 2;
}
