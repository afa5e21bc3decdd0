/** A share and where the true one lies, with 95 % confidence. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const z95 = 1.959963984540054;

/** The share of `successes` in `trials`, with Wilson's interval: sound for few trials and for shares near 0 and 1. */
export function wilsonInterval(successes: number, trials: number): Share {
  if (trials <= 0) return { value: 0, low: 0, high: 1 };
  const value = Math.min(1, successes / trials);
  const z2 = z95 ** 2 / trials;
  const middle = (value + z2 / 2) / (1 + z2);
  const half = z95 / (1 + z2) * Math.sqrt(value * (1 - value) / trials + z2 / (4 * trials));
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
