import * as z from "zod";
import { pageHeals } from "../../_shared/healing/ledger/pageHeals.ts";
import type { LedgerPlace as Place } from "../../_shared/healing/ledger/ledgerPage.ts";
import { pagePatterns } from "../../_shared/healing/patterns/pagePatterns.ts";
import { cursorField, readCursor, writeCursor } from "../../_shared/http/pageCursor.ts";
import { text } from "./flags/flagSchemas.ts";
import { explainOne } from "./healing/explainOne.ts";
import { healEvent, healingPattern, patternState, shownHeal, shownPattern } from "./healing/healSchemas.ts";
import type { OperatorContext } from "./operatorDb.ts";
import { ledgerId, LedgerPlace, moment, nextCursor, pageLimit, tableText } from "./opsSchemas.ts";

const filters = {
  events: ["table", "strategy", "requestId", "since", "until", "undone", "limit", "after"],
  heal: ["id"],
  patterns: ["table", "state", "limit", "after"],
} as const;

/** The query of ops-healing. */
export const ReadHealingInput = z.strictObject({
  /** `events`: what was healed; `heal`: why one of them was; `patterns`: what was learned. @default events, or heal with an id */
  view: z.enum(["events", "heal", "patterns"]).optional(),
  /** The heal to explain. */
  id: ledgerId.optional(),
  table: tableText.optional(),
  strategy: text(100).min(1).optional(),
  requestId: text(200).min(1).optional(),
  since: moment.optional(),
  /** Up to, and not at, this moment. */
  until: moment.optional(),
  /** Only those that were taken back, or only those that stand. @default both */
  undone: z.stringbool().optional(),
  /** Of patterns. @default all */
  state: patternState.optional(),
  limit: pageLimit(200).default(50),
  /** Where the page before has left off: its `next`. */
  after: cursorField,
}).transform(({ view, ...input }) => ({ ...input, view: view ?? (input.id === undefined ? "events" : "heal") }))
  .superRefine((input, issues) => {
    const allowed: readonly string[] = ["view", "limit", ...filters[input.view]];
    for (const [name, value] of Object.entries(input)) {
      if (value === undefined || allowed.includes(name)) continue;
      issues.addIssue({ code: "custom", path: [name], message: `Must not come with view '${input.view}'` });
    }
    if (input.view === "heal" && input.id === undefined) {
      issues.addIssue({ code: "custom", path: ["id"], message: "Must name the heal to explain" });
    }
  });

/** The answer of ops-healing. */
export const ReadHealingOutput = z.discriminatedUnion("view", [
  z.object({ view: z.literal("events"), events: z.array(healEvent), next: nextCursor }),
  z.object({
    view: z.literal("heal"),
    heal: healEvent,
    /** For a person: when, what, why, what else was possible, and whether it stands. */
    text: z.string(),
    evidence: z.record(z.string(), z.unknown()),
    alternatives: z.array(z.unknown()),
    /** The keys of the rows it was for; `null` where the table has no primary key, so that a key would be the whole row. */
    rowKeys: z.array(z.record(z.string(), z.unknown())).nullable(),
    pattern: healingPattern.nullable(),
  }),
  z.object({ view: z.literal("patterns"), patterns: z.array(healingPattern), next: nextCursor }),
]);

/** Shows what was healed, why, and what was learned from it. */
export async function readHealing(
  { view, id, after, ...filter }: z.output<typeof ReadHealingInput>,
  ctx: OperatorContext,
): Promise<z.input<typeof ReadHealingOutput>> {
  if (view === "heal") return await explainOne(id ?? "", ctx);
  const place = after === undefined ? undefined : readCursor(view, LedgerPlace, after);
  const nextOf = (next: Place | undefined) => next === undefined ? null : writeCursor(view, next);
  if (view === "patterns") {
    const { entries, next } = await pagePatterns(ctx.admin.sql, { ...filter, after: place });
    return { view, patterns: entries.map(shownPattern), next: nextOf(next) };
  }
  const { undone: isUndone, ...others } = filter;
  const { entries, next } = await pageHeals(ctx.admin.sql, { ...others, isUndone, after: place });
  return { view, events: entries.map(shownHeal), next: nextOf(next) };
}
