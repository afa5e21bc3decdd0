import type * as z from "zod";
import { AppError } from "../../../_shared/errors/appError.ts";
import { answerOf } from "../../../_shared/healing/client/answerOf.ts";
import type { Caller } from "../../../_shared/http/caller.ts";
import type { RequestContext } from "../../../_shared/http/context.ts";
import { utcTime } from "../utcTime.ts";
import type {
  ActivateRankingInput,
  AddRankingInput,
  PutRuleInput,
  RankingOutput,
  ReadRankingInput,
  RemoveRuleInput,
} from "./rankingSchemas.ts";

type Context = Pick<RequestContext, "db" | "caller">;
type Answer = z.input<typeof RankingOutput>;

/** Who changes something, as the history names them. */
function byWhom(caller: Caller): string {
  return caller.kind === "secret"
    ? `key:${caller.keyName}`
    : caller.kind === "user"
    ? `user:${caller.userId}`
    : caller.kind;
}

async function call(db: Context["db"], name: string, args: Record<string, unknown>): Promise<unknown> {
  return answerOf(await db.rpc(`search.${name}`, args, { deadLetter: false }));
}

/** What is in force in the market or in a vendor's shop. */
export async function readRanking({ vendorId }: z.output<typeof ReadRankingInput>, { db }: Context): Promise<Answer> {
  const { versions, activations, pins, ...ranking } = await call(db, "read_ranking", {
    p_vendor: vendorId ?? null,
  }) as Answer;
  return {
    ...ranking,
    versions: versions.map((one) => ({ ...one, createdAt: utcTime(one.createdAt) })),
    activations: activations.map((one) => ({ ...one, activatedAt: utcTime(one.activatedAt) })),
    pins: pins.map((one) => ({ ...one, startsAt: utcTime(one.startsAt), endsAt: utcTime(one.endsAt) })),
  };
}

/** Adds a version of the weights. */
export async function addRanking(input: z.output<typeof AddRankingInput>, ctx: Context): Promise<Answer> {
  await call(ctx.db, "add_ranking", {
    p_vendor: input.vendorId ?? null,
    p_weights: input.weights,
    p_note: input.note ?? null,
    p_activate: input.activate,
    p_expected: input.expectedVersion ?? null,
    p_by: byWhom(ctx.caller),
  });
  return await readRanking(input, ctx);
}

/** Puts a version in force. */
export async function activateRanking(input: z.output<typeof ActivateRankingInput>, ctx: Context): Promise<Answer> {
  await call(ctx.db, "activate_ranking", {
    p_vendor: input.vendorId ?? null,
    p_version: input.version,
    p_expected: input.expectedVersion ?? null,
    p_by: byWhom(ctx.caller),
  });
  return await readRanking(input, ctx);
}

/** Keeps a pin or synonyms. */
export async function putRule(input: z.output<typeof PutRuleInput>, ctx: Context): Promise<Answer> {
  const scope = { p_vendor: input.vendorId ?? null, p_by: byWhom(ctx.caller) };
  if (input.pin !== undefined) await call(ctx.db, "put_pin", { ...scope, p_pin: input.pin });
  if (input.synonyms !== undefined) {
    const { term, meanings } = input.synonyms;
    await call(ctx.db, "put_synonyms", { ...scope, p_term: term, p_meanings: meanings });
  }
  return await readRanking(input, ctx);
}

/** Removes a pin or synonyms. */
export async function removeRule(input: z.output<typeof RemoveRuleInput>, ctx: Context): Promise<Answer> {
  const isRemoved = await call(ctx.db, "remove_rule", { p_vendor: input.vendorId ?? null, p_id: input.id });
  if (isRemoved !== true) throw new AppError("not_found", "Cannot remove the rule as there is none of this id here");
  return await readRanking(input, ctx);
}
