import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { findKnob, knownKnobs } from "../../_shared/optimizer/knobs/knownKnobs.ts";
import { optimizerKnobs } from "../../_shared/optimizer/knobs/optimizerKnobs.ts";
import { calibrationOf } from "../../_shared/optimizer/lifecycle/calibrationOf.ts";
import type { OpenTuningPorts } from "./tuning/tuningPorts.ts";
import { calibration, fullChange, fullKnob, fullVeto, knobChange, knobName } from "./tuning/tuningSchemas.ts";
import { viewChange, viewKnob, viewVeto } from "./tuning/tuningViews.ts";

/** Calibration is told of so many of the latest changes. */
const longestLog = 1_000;

/** The query of ops-tuning. */
export const ReadTuningInput = z.strictObject({
  /** Only this knob, with its history. @default all */
  name: knobName.optional(),
  /** So many entries of the log. @default 100 */
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** The answer of ops-tuning. */
export const ReadTuningOutput = z.object({
  /** False: somebody has switched all tuning off. */
  isEnabled: z.boolean(),
  knobs: z.array(fullKnob),
  /** The latest first. */
  log: z.array(fullChange),
  calibration: z.array(calibration),
  vetoes: z.array(fullVeto),
  /** Of the knob that was asked for: each turn of it, the latest first. */
  history: z.array(knobChange),
});

/** Shows the knobs, what was changed and why, and what was expected beside what came. */
export function readTuning(open: OpenTuningPorts) {
  return async ({ name, limit }: z.output<typeof ReadTuningInput>, ctx: Pick<RequestContext, "admin">) => {
    const { register } = open(ctx);
    const [stored, log, history, vetoes] = await Promise.all([
      register.knobs(),
      register.log(longestLog, name),
      name === undefined ? [] : register.history(name, limit),
      register.vetoes(),
    ]);
    const rows = new Map(stored.map((knob) => [knob.name, knob]));
    const names = name === undefined
      ? [...new Set([...rows.keys(), ...knownKnobs.map((knob) => knob.name)])].sort()
      : [name];
    const knobs = names.filter((one) => rows.has(one) || findKnob(one) !== undefined)
      .map((one) => viewKnob(findKnob(one), rows.get(one)));
    if (name !== undefined && knobs.length === 0 && log.length === 0) {
      throw new AppError("not_found", `Cannot show the knob as none is named '${name}'`);
    }
    return {
      isEnabled: rows.get(optimizerKnobs.isEnabled.name)?.value !== false,
      knobs,
      log: log.slice(0, limit).map(viewChange),
      calibration: calibrationOf(log).map(({ bias, ...told }) => ({ ...told, bias: bias ?? null })),
      vetoes: vetoes.map(viewVeto),
      history: [...history].map((change) => ({
        ...change,
        before: change.before && { ...change.before },
        after: change.after && { ...change.after },
      })),
    };
  };
}
