import { optimizerKnobs } from "../knobs/optimizerKnobs.ts";
import { definitionFor, fleetKnobs } from "../knobs/storedKnob.ts";
import type { OptimizerRule, Proposal } from "../rules/optimizerRule.ts";
import type { Change } from "./change.ts";
import { plainFindings } from "./plainFindings.ts";
import { guarded, note, ruleContext, type Run, whyNot } from "./runParts.ts";

type Written = Pick<Change, "id" | "knob" | "rule" | "before" | "after" | "evidence" | "expected">;

/** So long a change may wait for room among the trials. */
const longestWaitMs = 14 * 86_400_000;

/** Asks the past about a change that was written down; true: it may be tried. */
export async function shadowChange(
  run: Run,
  rule: OptimizerRule,
  change: Written,
  proposal: Proposal,
): Promise<boolean> {
  const shadowed = rule.shadow === undefined
    ? { isPromising: true, findings: {} }
    : await guarded(run, rule.name, () => rule.shadow!(proposal, ruleContext(run, rule.name)));
  if (shadowed === undefined) return false; // The next run asks again.
  const { isPromising, findings } = shadowed;
  const reason = isPromising ? "The past speaks for it" : "The past speaks against it";
  const answer = await run.store.shadow(change.id, plainFindings(findings), isPromising, { by: run.by, reason });
  if (answer !== "done") return false;
  if (!isPromising) {
    note(run, { ...change, became: "abandoned", reason });
    await discard(run, rule, change.knob);
  }
  return isPromising;
}

/** Puts a change on trial, where there is room. */
export async function beginTrial(
  run: Run,
  rule: OptimizerRule,
  change: Written & { proposedAtMs?: number },
): Promise<void> {
  const knobs = fleetKnobs(run.state.knobs);
  const share = knobs.read(optimizerKnobs.trialShare);
  const windowMs = knobs.read(optimizerKnobs.windowMs);
  const limit = knobs.read(optimizerKnobs.trialsAtOnce);
  const minutes = Math.round(windowMs / 60_000);
  const reason = `${
    Math.round(share * 100)
  } % of the isolates are measured as they are for ${minutes} minutes, then it is tried on them`;
  const answer = await run.store.beginTrial(change.id, { share, windowMs, limit }, { by: run.by, reason });
  if (answer === "done") return note(run, { ...change, became: "leading_in", reason });
  if (answer === "moved") return;
  const isOld = run.state.nowMs - (change.proposedAtMs ?? run.state.nowMs) > longestWaitMs;
  if ((answer === "crowded" || answer === "stopped") && !isOld) {
    return note(run, { ...change, became: "waiting", reason: whyNot[answer] });
  }
  await giveUp(run, rule, change, whyNot[answer]);
}

/** Takes up what an earlier run has left between two steps. */
export async function resumeChange(run: Run, rule: OptimizerRule, change: Change): Promise<void> {
  if (change.state === "proposed") {
    const knob = definitionFor(change.knob, run.state.knobs);
    if (knob === undefined) return await giveUp(run, rule, change, "Nothing is known of the knob any more");
    const { after, evidence, expected } = change;
    if (!await shadowChange(run, rule, change, { knob, after, evidence, expected })) return;
  }
  await beginTrial(run, rule, change);
}

async function giveUp(run: Run, rule: OptimizerRule, change: Written, reason: string): Promise<void> {
  if (await run.store.end(change.id, "abandoned", undefined, { by: run.by, reason }) !== "done") return;
  note(run, { ...change, became: "abandoned", reason });
  await discard(run, rule, change.knob);
}

/** Undoes what the rule made for a change that came to nothing. */
export async function discard(run: Run, rule: OptimizerRule, knob: string): Promise<void> {
  if (run.isDryRun || rule.discard === undefined) return;
  await guarded(run, rule.name, () => rule.discard!(knob, ruleContext(run, rule.name)));
}
