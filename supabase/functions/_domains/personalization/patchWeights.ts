import * as z from "zod";
import { answerOf } from "../../_shared/healing/client/answerOf.ts";
import type { Caller } from "../../_shared/http/caller.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { note, vendorId, version, weightChanges, weights } from "./weights/weightSchemas.ts";

/** A change of weights. */
export const PatchWeightsInput = z.strictObject({
  vendorId,
  /** Weights by signal, from -2 to 2, with the sign the signal has; null goes back to the default. */
  weights: weightChanges.optional(),
  /** Puts this version in force again instead; 0: a vendor's having none of its own. */
  revertTo: version.optional(),
  /** The version the caller has seen; another one in force refuses the change. @default any */
  version: version.optional(),
  note: note.optional(),
}).superRefine(({ weights, revertTo }, issues) => {
  if ((weights === undefined) === (revertTo === undefined)) {
    issues.addIssue({
      code: "custom",
      path: ["weights"],
      message: "Must change something: either weights or revertTo",
    });
  }
  if (weights !== undefined && Object.keys(weights).length === 0) {
    issues.addIssue({ code: "custom", path: ["weights"], message: "Must name a signal" });
  }
});

/** The version that is in force now. */
export const PatchWeightsOutput = z.object({ version: z.number(), weights });

/** Puts changed weights in force, at once and for what is tracked from now on. */
export async function patchWeights(
  input: z.output<typeof PatchWeightsInput>,
  { db, caller }: Pick<RequestContext, "db" | "caller">,
): Promise<z.input<typeof PatchWeightsOutput>> {
  const shared = {
    p_vendor: input.vendorId ?? null,
    p_expected: input.version ?? null,
    p_note: input.note ?? null,
    p_by: nameOf(caller),
  };
  const options = { deadLetter: false };
  const changed = input.revertTo === undefined
    ? await db.rpc("personalization.set_weights", { ...shared, p_changes: input.weights! }, options)
    : await db.rpc("personalization.revert_weights", { ...shared, p_version: input.revertTo }, options);
  return answerOf(changed) as z.input<typeof PatchWeightsOutput>;
}

function nameOf(caller: Caller): string {
  return caller.kind === "secret" ? `key:${caller.keyName}` : caller.kind;
}
