import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import { evaluateFlag } from "../../_shared/flags/evaluateFlag.ts";
import { flagSubject } from "../../_shared/flags/flagSubject.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import type { FlagPorts, OpenFlagPorts } from "./flags/flagPorts.ts";
import { flagChange, flagName, fullFlag, visitorId } from "./flags/flagSchemas.ts";

const historyLength = 100;

/** The query of ops-flags. */
export const ReadFlagsInput = z.strictObject({
  /** Only this flag; with the secret key its history, too. @default all */
  name: flagName.optional(),
  /** Whom to evaluate for: a visitor's id, for callers with the publishable key. */
  subject: visitorId.optional(),
});

/** The answer of ops-flags: what is on for the caller, or, with the secret key, all there is to know. */
export const ReadFlagsOutput = z.discriminatedUnion("view", [
  z.object({
    view: z.literal("evaluated"),
    flags: z.record(z.string(), z.boolean()),
    /** When the flags were read; `null` where they never could be. */
    readAt: z.iso.datetime().nullable(),
    /** The store cannot be read at the moment: these are the last known flags, or none. */
    isStale: z.boolean(),
  }),
  z.object({ view: z.literal("full"), flags: z.array(fullFlag), history: z.array(flagChange) }),
]);

type Input = z.output<typeof ReadFlagsInput>;
type Output = z.input<typeof ReadFlagsOutput>;

/** Reads flags: evaluated for users and visitors, in full for holders of the secret key. */
export function readFlags(open: OpenFlagPorts) {
  return async (input: Input, ctx: Pick<RequestContext, "admin" | "caller">): Promise<Output> => {
    const { caller } = ctx;
    if (input.subject !== undefined && caller.kind !== "publishable") {
      throw new AppError(
        "forbidden",
        "Cannot evaluate flags for 'subject' as only visitors name one: users are their own",
      );
    }
    const ports = open(ctx);
    if (caller.kind === "secret") return await readInFull(ports, input.name);
    return await evaluateAll(ports, flagSubject(caller, input.subject), input.name);
  };
}

async function readInFull({ store }: FlagPorts, name: string | undefined): Promise<Output> {
  if (name === undefined) return { view: "full", flags: await store.list(), history: [] };
  const [flag, history] = await Promise.all([store.find(name), store.history(name, historyLength)]);
  if (flag === undefined && history.length === 0) {
    throw new AppError("not_found", `Cannot read the flag as there is no flag named '${name}'`);
  }
  return { view: "full", flags: flag === undefined ? [] : [flag], history };
}

async function evaluateAll(
  { cache }: FlagPorts,
  subject: string | undefined,
  name: string | undefined,
): Promise<Output> {
  const { flags, readAtMs, isStale } = await cache.snapshot();
  const shown: Record<string, boolean> = {};
  for (const flag of flags.values()) if (flag.isPublic) shown[flag.name] = evaluateFlag(flag, subject);
  return {
    view: "evaluated",
    // An unknown flag is off, and nobody learns whether a flag that is not public exists.
    flags: name === undefined ? shown : { [name]: shown[name] ?? false },
    readAt: readAtMs === undefined ? null : new Date(readAtMs).toISOString(),
    isStale,
  };
}
