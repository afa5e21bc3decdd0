import * as z from "zod";
import { AppError } from "../../../_shared/errors/appError.ts";
import { answerOf } from "../../../_shared/healing/client/answerOf.ts";
import type { RequestContext } from "../../../_shared/http/context.ts";
import { wilsonInterval } from "../insights/wilsonInterval.ts";
import { utcTime } from "../utcTime.ts";
import { chanceBetter } from "./chanceBetter.ts";

const version = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

export const ReadExperimentsInput = z.strictObject({
  id: z.guid().optional(),
  limit: z.coerce.number().int().min(1).max(50).default(10),
});

/** A comparison of two versions of the market's ranking. */
export const StartExperimentInput = z.strictObject({
  name: z.string().min(1).max(100).refine((text) => !text.includes("\0"), "Must not contain the character NUL"),
  controlVersion: version,
  treatmentVersion: version,
  /** Of shoppers, how many see the treatment. */
  share: z.number().min(0.01).max(0.99).default(0.5),
  /** @default now */
  startsAt: z.iso.datetime().optional(),
  endsAt: z.iso.datetime(),
}).refine(({ controlVersion, treatmentVersion }) => controlVersion !== treatmentVersion, {
  path: ["treatmentVersion"],
  message: "Must differ from controlVersion",
});

export const StopExperimentInput = z.strictObject({ id: z.guid() });

const share = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** Experiments, the newest first, and what their arms came to. */
export const ExperimentsOutput = z.object({
  experiments: z.array(z.object({
    id: z.string(),
    name: z.string(),
    controlVersion: z.number(),
    treatmentVersion: z.number(),
    share: z.number(),
    startsAt: z.string(),
    endsAt: z.string(),
    stoppedAt: z.string().nullable(),
    state: z.enum(["planned", "running", "over", "stopped"]),
    arms: z.array(z.object({
      arm: z.enum(["control", "treatment"]),
      pages: z.number(),
      shoppers: z.number(),
      impressions: z.number(),
      clickedPages: z.number(),
      clickedShoppers: z.number(),
      boughtShoppers: z.number(),
      /** Of the pages, how many were clicked on. */
      clickRate: share,
      /** Of the shoppers, how many clicked, and how many bought: shoppers are independent of each other, pages are not. */
      clickedShare: share,
      boughtShare: share,
    })),
    /** The probability that more shoppers click under the treatment. */
    chanceTreatmentClicksMore: z.number(),
    chanceTreatmentBuysMore: z.number(),
  })),
});

type Answer = z.input<typeof ExperimentsOutput>;
type Experiment = Answer["experiments"][number];
type Context = Pick<RequestContext, "db">;

/** The experiments and what they came to. */
export async function readExperiments(
  { id, limit = 10 }: { readonly id?: string | undefined; readonly limit?: number },
  { db }: Context,
): Promise<Answer> {
  const [row] = await db.call<{ found: Experiment[] }>`
    select search.read_experiments(${id ?? null}, ${limit}::integer) as found`;
  if (id !== undefined && row!.found.length === 0) {
    throw new AppError("not_found", "Cannot read the experiment as there is none of this id");
  }
  return { experiments: row!.found.map(withShares) };
}

/** Starts an experiment, where no other runs in its time. */
export async function startExperiment(input: z.output<typeof StartExperimentInput>, ctx: Context): Promise<Answer> {
  const id = answerOf(await ctx.db.rpc("search.start_experiment", { p_experiment: input }, { deadLetter: false }));
  return await readExperiments({ id: id as string }, ctx);
}

/** Stops an experiment, and no other. */
export async function stopExperiment({ id }: z.output<typeof StopExperimentInput>, ctx: Context): Promise<Answer> {
  answerOf(await ctx.db.rpc("search.stop_experiment", { p_id: id }, { deadLetter: false }));
  return await readExperiments({ id }, ctx);
}

function withShares(experiment: Experiment): Experiment {
  const arms = experiment.arms.map((arm) => ({
    ...arm,
    clickRate: wilsonInterval(arm.clickedPages, arm.pages),
    clickedShare: wilsonInterval(arm.clickedShoppers, arm.shoppers),
    boughtShare: wilsonInterval(arm.boughtShoppers, arm.shoppers),
  }));
  const trialsOf = (name: string, of: "clickedShoppers" | "boughtShoppers") => {
    const arm = arms.find((one) => one.arm === name);
    return { successes: arm?.[of] ?? 0, trials: arm?.shoppers ?? 0 };
  };
  const chance = (of: "clickedShoppers" | "boughtShoppers") =>
    chanceBetter(trialsOf("control", of), trialsOf("treatment", of));
  return {
    ...experiment,
    startsAt: utcTime(experiment.startsAt),
    endsAt: utcTime(experiment.endsAt),
    stoppedAt: utcTime(experiment.stoppedAt),
    arms,
    chanceTreatmentClicksMore: chance("clickedShoppers"),
    chanceTreatmentBuysMore: chance("boughtShoppers"),
  };
}
