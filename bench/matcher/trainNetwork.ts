import { featureNames, type PairFeatures } from "../../supabase/functions/_shared/healing/matcher/pairFeatures.ts";
import type { ScoringWeights } from "../../supabase/functions/_shared/healing/matcher/scoringModel.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";

/** One pair to learn from. */
export interface TrainingRow {
  readonly features: PairFeatures;
  readonly isTrue: boolean;
  readonly weight: number;
}

/** How a network is trained. */
export interface TrainingOptions {
  readonly seed: number;
  /** @default 8 */
  readonly units?: number;
  /** @default 6 */
  readonly epochs?: number;
  /** Share by which weights shrink, as in AdamW. @default 0.03 */
  readonly decay?: number;
}

const width = featureNames.length;
const batchSize = 64;

/** Fits the network of `scoringModel.ts` to rows by Adam on the logistic loss; the same seed gives the same weights. */
export function trainNetwork(rows: readonly TrainingRow[], options: TrainingOptions): ScoringWeights {
  const { seed, units = 8, epochs = 6, decay = 0.03 } = options;
  const random = seededRandom(seed);
  const gauss = () => Math.sqrt(-2 * Math.log(random.next() + 1e-12)) * Math.cos(2 * Math.PI * random.next());
  // layout: unit weights, unit biases, output weights, skip weights, output bias
  const [biasAt, outAt, skipAt] = [units * width, units * width + units, units * width + 2 * units];
  const count = skipAt + width + 1;
  const theta = new Float64Array(count);
  for (let at = 0; at < skipAt; at++) if (at < biasAt || at >= outAt) theta[at] = 0.3 * gauss();
  const [first, second, gradient] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const hidden = new Float64Array(units);
  const slope = new Float64Array(units);
  const order = Array.from(rows.keys());
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let at = order.length - 1; at > 0; at--) {
      const other = Math.floor(random.next() * (at + 1));
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    const rate = 0.01 * (1 - epoch / epochs) + 0.0005;
    for (let start = 0; start < order.length; start += batchSize) {
      gradient.fill(0);
      for (let at = start; at < Math.min(order.length, start + batchSize); at++) addGradient(rows[order[at]!]!);
      step++;
      const [scaleFirst, scaleSecond] = [1 - 0.9 ** step, 1 - 0.999 ** step];
      for (let at = 0; at < count; at++) {
        first[at] = 0.9 * first[at]! + 0.1 * gradient[at]!;
        second[at] = 0.999 * second[at]! + 0.001 * gradient[at]! ** 2;
        const move = first[at]! / scaleFirst / (Math.sqrt(second[at]! / scaleSecond) + 1e-8);
        theta[at]! -= rate * (move + (at === count - 1 ? 0 : decay * theta[at]!));
      }
    }
  }
  return {
    unitWeights: theta.slice(0, biasAt),
    unitBiases: theta.slice(biasAt, outAt),
    outputWeights: theta.slice(outAt, skipAt),
    skipWeights: theta.slice(skipAt, count - 1),
    outputBias: theta[count - 1]!,
  };

  function addGradient({ features, isTrue, weight }: TrainingRow): void {
    let logit = theta[count - 1]!;
    for (let at = 0; at < width; at++) logit += theta[skipAt + at]! * features[at]!;
    for (let unit = 0; unit < units; unit++) {
      let sum = theta[biasAt + unit]!;
      for (let at = 0; at < width; at++) sum += theta[unit * width + at]! * features[at]!;
      const scale = 1 + Math.abs(sum);
      hidden[unit] = sum / scale;
      slope[unit] = 1 / (scale * scale);
      logit += theta[outAt + unit]! * hidden[unit]!;
    }
    const error = weight * (1 / (1 + Math.exp(-logit)) - (isTrue ? 1 : 0)) / batchSize;
    gradient[count - 1]! += error;
    for (let at = 0; at < width; at++) gradient[skipAt + at]! += error * features[at]!;
    for (let unit = 0; unit < units; unit++) {
      gradient[outAt + unit]! += error * hidden[unit]!;
      const inner = error * theta[outAt + unit]! * slope[unit]!;
      gradient[biasAt + unit]! += inner;
      for (let at = 0; at < width; at++) gradient[unit * width + at]! += inner * features[at]!;
    }
  }
}

/** The mean of several networks as one: their units side by side, their outputs shared out. */
export function averageNetworks(networks: readonly ScoringWeights[]): ScoringWeights {
  const share = 1 / networks.length;
  const join = (part: "unitWeights" | "unitBiases" | "outputWeights", scale: number) =>
    Float64Array.from(networks.flatMap((network) => Array.from(network[part], (value) => value * scale)));
  return {
    unitWeights: join("unitWeights", 1),
    unitBiases: join("unitBiases", 1),
    outputWeights: join("outputWeights", share),
    skipWeights: Float64Array.from(
      { length: width },
      (_, at) => networks.reduce((sum, network) => sum + share * network.skipWeights[at]!, 0),
    ),
    outputBias: networks.reduce((sum, network) => sum + share * network.outputBias, 0),
  };
}
