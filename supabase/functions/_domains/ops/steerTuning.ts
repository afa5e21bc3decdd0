import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { optimizerKnobs } from "../../_shared/optimizer/knobs/optimizerKnobs.ts";
import { whyNot } from "../../_shared/optimizer/lifecycle/runParts.ts";
import type { TuningNote } from "../../_shared/optimizer/lifecycle/tuningStore.ts";
import type { KnobRegister } from "../../_shared/optimizer/operator/knobRegister.ts";
import { callerName } from "./callerName.ts";
import { reason as because } from "./flags/flagSchemas.ts";
import { knobFor } from "./tuning/knobFor.ts";
import type { OpenTuningPorts } from "./tuning/tuningPorts.ts";
import { changeId, knobName, ruleName, until } from "./tuning/tuningSchemas.ts";

const any = z.literal("*");
const reason = because.min(1);

/** What a person decides about tuning; one thing at a time. */
export const SteerTuningInput = z.discriminatedUnion("action", [
  /** Nothing turns the knob until then, or for ever. */
  z.strictObject({ action: z.literal("pin"), name: knobName, until: until.optional(), reason }),
  z.strictObject({ action: z.literal("unpin"), name: knobName, reason }),
  /** The optimizer leaves the knob alone. */
  z.strictObject({ action: z.literal("opt-out"), name: knobName, reason }),
  z.strictObject({ action: z.literal("opt-in"), name: knobName, reason }),
  /** The optimizer, and everybody else, stays within these. */
  z.strictObject({ action: z.literal("narrow"), name: knobName, lowest: z.number(), highest: z.number(), reason }),
  /** Takes a change back: what is under way is vetoed, what was kept is undone. */
  z.strictObject({ action: z.literal("undo"), id: changeId, reason }),
  /** The rule does not turn the knob until then, or ever. */
  z.strictObject({
    action: z.literal("veto"),
    name: z.union([any, knobName]),
    rule: z.union([any, ruleName]),
    until: until.optional(),
    reason,
  }),
  z.strictObject({
    action: z.literal("allow"),
    name: z.union([any, knobName]),
    rule: z.union([any, ruleName]),
    reason,
  }),
  /** Ends all tuning at once: every trial is over, nothing new begins. */
  z.strictObject({ action: z.literal("stop"), reason }),
  z.strictObject({ action: z.literal("start"), reason }),
]);

/** The answer to a decision. */
export const SteerTuningOutput = z.object({ action: z.string(), isDone: z.literal(true) });

type Decision = z.output<typeof SteerTuningInput>;

/** Pins, vetoes, undoes, opts out, narrows, or stops all tuning. */
export function steerTuning(open: OpenTuningPorts) {
  return async (decision: Decision, ctx: Pick<RequestContext, "admin" | "caller" | "clock">) => {
    const { register } = open(ctx);
    const untilMs = "until" in decision && decision.until !== undefined ? Date.parse(decision.until) : undefined;
    if (untilMs !== undefined && untilMs <= ctx.clock.now()) {
      throw new AppError("conflict", `Cannot ${decision.action} until then as that moment has passed`);
    }
    await decide(register, decision, untilMs, { by: callerName(ctx.caller), reason: decision.reason });
    return { action: decision.action, isDone: true as const };
  };
}

async function decide(register: KnobRegister, decision: Decision, untilMs: number | undefined, note: TuningNote) {
  switch (decision.action) {
    case "pin":
      return await register.pin(await knobFor(register, decision.name, "pin"), untilMs, note);
    case "unpin":
      return await register.unpin(await knobFor(register, decision.name, "unpin"), note);
    case "opt-out":
    case "opt-in": {
      const isTunable = decision.action === "opt-in";
      if (isTunable && decision.name.startsWith("optimizer.")) {
        throw new AppError("conflict", "Cannot opt the knob in as no rule may turn the optimizer's own settings");
      }
      return await register.letTune(await knobFor(register, decision.name, "opt out"), isTunable, note);
    }
    case "narrow": {
      const { name, lowest, highest } = decision;
      const knob = await knobFor(register, name, "narrow");
      const isNarrower = "lowest" in knob && lowest >= knob.lowest && highest <= knob.highest && lowest <= highest;
      if (isNarrower && await register.narrow(knob, lowest, highest, note)) return;
      throw new AppError("conflict", `Cannot narrow the knob '${name}' as its value or default would lie outside`);
    }
    case "undo": {
      const answer = await register.undo(decision.id, note);
      if (answer === "done") return;
      if (answer === "missing") throw new AppError("not_found", `Cannot undo change ${decision.id} as there is none`);
      const why = answer === "moved" ? "it is over" : whyNot[answer].toLowerCase();
      throw new AppError("conflict", `Cannot undo change ${decision.id} as ${why}`);
    }
    case "veto":
      return await register.veto(decision.name, decision.rule, untilMs, note);
    case "allow":
      if (await register.allow(decision.name, decision.rule, note)) return;
      throw new AppError("not_found", "Cannot take the veto back as there is none");
    case "stop":
    case "start":
      return void await register.set(optimizerKnobs.isEnabled, decision.action === "start", note);
  }
}
