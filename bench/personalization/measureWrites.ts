import { median } from "../report/median.ts";
import type { BenchMarket } from "./benchMarket.ts";
import { type LoadAnswer, quantileMs, sendAtRate } from "./loadPlan.ts";
import type { SideMaker } from "./sides.ts";
import { startBareInsert } from "./startBareInsert.ts";

/** Requests a second of each side. */
export const writeRate = 200;
export const writeRounds = 6;

/** How long the answers of a side took. */
export interface WriteLatency {
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Tracking beside a bare handler: behind a gateway as well, and in a server of its own. */
export interface WriteFigures {
  readonly track: WriteLatency;
  readonly bare: WriteLatency;
  readonly alone: WriteLatency;
  /** Medians of the rounds' ratios of medians. */
  readonly ratio: number;
  readonly ratioToAlone: number;
}

/** Sends clicks and the peer's rows in turn. */
export async function measureWrites(
  market: BenchMarket,
  maker: SideMaker,
  tell: (line: string) => void,
): Promise<WriteFigures> {
  await using bare = await startBareInsert(market.stack.database);
  const sides = {
    bare: () => maker.bareInsert("bare", bare.behindGateway),
    track: () => maker.track("track"),
    alone: () => maker.bareInsert("alone", bare.alone),
  };
  const requests = (count: number) => Object.values(sides).map((make) => Array.from({ length: count }, make));
  await sendAtRate(requests(300).flat(), 60);
  const answers: LoadAnswer[] = [];
  const ratios: Record<"bare" | "alone", number[]> = { bare: [], alone: [] };
  for (let round = 1; round <= writeRounds; round++) {
    const turns = requests(writeRate * 6);
    const ofRound: LoadAnswer[] = [];
    // Forth and back: whatever drifts on the machine meets all sides alike.
    for (const turn of round % 2 === 0 ? turns.reverse() : turns) {
      ofRound.push(...await sendAtRate(turn, writeRate, { warmUp: writeRate }));
    }
    const medianMs = (side: keyof typeof sides) => quantileMs(ofRound, side, 0.5);
    for (const peer of ["bare", "alone"] as const) ratios[peer].push(medianMs("track") / medianMs(peer));
    const [track, beside, besideAlone] = [medianMs("track"), ratios.bare.at(-1)!, ratios.alone.at(-1)!];
    tell(
      `round ${round}: track ${track.toFixed(2)} ms, ${beside.toFixed(2)} x bare, ${besideAlone.toFixed(2)} x alone`,
    );
    answers.push(...ofRound);
  }
  const latency = (side: keyof typeof sides): WriteLatency => ({
    medianMs: quantileMs(answers, side, 0.5),
    p99Ms: quantileMs(answers, side, 0.99),
  });
  return {
    track: latency("track"),
    bare: latency("bare"),
    alone: latency("alone"),
    ratio: median(ratios.bare),
    ratioToAlone: median(ratios.alone),
  };
}
