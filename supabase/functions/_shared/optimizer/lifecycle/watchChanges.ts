import type { MetricWindow } from "../../monitor/metricsReader.ts";
import type { OptimizerRule } from "../rules/optimizerRule.ts";
import type { Change } from "./change.ts";
import { judgeGuard, judgeTrial, type Verdict } from "./judgeChange.ts";
import { guarded, note, ruleContext, type Run } from "./runParts.ts";
import { discard, resumeChange } from "./tryChange.ts";

/** Looks after everything that is under way; gives the rules of which a change has just proved itself. */
export async function watchChanges(run: Run): Promise<OptimizerRule[]> {
  const proven = new Set<OptimizerRule>();
  for (const change of run.state.open) {
    const rule = run.rules.find(({ name }) => name === change.rule);
    if (rule === undefined) await endOrphan(run, change);
    else if (change.state === "on_trial") await guarded(run, rule.name, () => watchTrial(run, rule, change));
    else if (change.state === "kept") {
      if (await guarded(run, rule.name, () => watchKept(run, rule, change))) proven.add(rule);
    } else await guarded(run, rule.name, () => resumeChange(run, rule, change));
  }
  return [...proven];
}

async function watchTrial(run: Run, rule: OptimizerRule, change: Change): Promise<void> {
  const { store, state: { nowMs }, by } = run;
  const endsAtMs = change.windowEndsAtMs ?? nowMs;
  const { expected, windows, trialBeganAtMs } = change;
  if (trialBeganAtMs === undefined) return await leadIn(run, change, endsAtMs);
  const groups = async (fromMs: number, toMs: number) => {
    const [treated, rest] = await Promise.all(
      [true, false].map((isTreated) =>
        sampleOf(run, rule, change, { fromMs, toMs, trial: { id: change.id, isTreated } })
      ),
    );
    return { treated, rest };
  };
  const [now, lead] = await Promise.all([
    groups(trialBeganAtMs, Math.min(nowMs, endsAtMs)),
    groups(change.leadBeganAtMs ?? trialBeganAtMs, trialBeganAtMs),
  ]);
  const verdict = judgeTrial({ expected, ...now, lead, windows, isWindowOver: nowMs >= endsAtMs });
  const because = { by, reason: verdict.reason };
  switch (verdict.decision) {
    case "wait":
      return note(run, { ...change, became: "waiting", reason: verdict.reason });
    case "extend":
      if (await store.extendTrial(change.id, verdict.measured, because) !== "done") return;
      return note(run, { ...change, became: "extended", reason: verdict.reason });
    default: {
      const state = ends[verdict.decision];
      if (await store.end(change.id, state, verdict.measured, because) !== "done") return;
      note(run, { ...change, became: state, reason: verdict.reason });
      if (state !== "kept") await discard(run, rule, change.knob);
    }
  }
}

/** Once the isolates were measured as they are, the change is put in force on them. */
async function leadIn(run: Run, change: Change, endsAtMs: number): Promise<void> {
  if (run.state.nowMs < endsAtMs) {
    return note(run, { ...change, became: "waiting", reason: "Isolates are measured as they are" });
  }
  const reason = "In force on those that were measured without it";
  if (await run.store.startTrial(change.id, { by: run.by, reason }) !== "done") return;
  note(run, { ...change, became: "on_trial", reason });
}

/** True: the window after it was kept is over, and it stays. */
async function watchKept(run: Run, rule: OptimizerRule, change: Change): Promise<boolean> {
  const { store, state: { nowMs }, by } = run;
  const keptAtMs = change.keptAtMs ?? nowMs;
  const endsAtMs = change.guardEndsAtMs ?? nowMs;
  const [now, then] = await Promise.all([
    sampleOf(run, rule, change, { fromMs: keptAtMs, toMs: Math.min(nowMs, endsAtMs) }),
    sampleOf(run, rule, change, {
      fromMs: change.trialBeganAtMs ?? keptAtMs,
      toMs: change.windowEndsAtMs ?? keptAtMs,
      trial: { id: change.id, isTreated: false },
    }),
  ]);
  const facts = { expected: change.expected, treated: now, rest: then, isWindowOver: nowMs >= endsAtMs };
  const { decision, measured, reason } = judgeGuard(facts);
  if (decision === "wait") {
    note(run, { ...change, became: "waiting", reason });
    return false;
  }
  const isWorse = decision === "revert";
  if (await store.closeGuard(change.id, isWorse, measured, { by, reason }) !== "done") return false;
  note(run, { ...change, became: isWorse ? "reverted" : "guarded", reason });
  if (isWorse) await discard(run, rule, change.knob);
  return !isWorse;
}

async function sampleOf(run: Run, rule: OptimizerRule, change: Change, window: MetricWindow) {
  if (window.toMs <= window.fromMs) return undefined;
  return await rule.measureOf(change.knob, ruleContext(run, rule.name)).sample(window);
}

/** Its rule is gone from the code: nobody can judge it any more. */
async function endOrphan(run: Run, change: Change): Promise<void> {
  const reason = "Its rule is no longer known";
  const because = { by: run.by, reason };
  if (change.state === "kept") {
    if (await run.store.closeGuard(change.id, false, undefined, because) === "done") {
      note(run, { ...change, became: "guarded", reason });
    }
  } else if (await run.store.end(change.id, "abandoned", undefined, because) === "done") {
    note(run, { ...change, became: "abandoned", reason });
  }
}

const ends = { keep: "kept", revert: "reverted", abandon: "abandoned" } as const satisfies Partial<
  Record<Verdict["decision"], string>
>;
