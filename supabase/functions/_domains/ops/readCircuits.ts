import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import type { OpenCircuitPorts } from "./circuits/circuitPorts.ts";
import { circuitChange, circuitName, fullCircuit } from "./circuits/circuitSchemas.ts";

const historyLength = 100;

/** The query of ops-circuits. */
export const ReadCircuitsInput = z.strictObject({
  /** Only this circuit, with its history. @default all */
  name: circuitName.optional(),
});

/** The answer of ops-circuits. */
export const ReadCircuitsOutput = z.object({ circuits: z.array(fullCircuit), history: z.array(circuitChange) });

/** Shows the circuits that were ever in trouble or are suspected, with votes, probe and ramp; one of them with its history. */
export function readCircuits(open: OpenCircuitPorts) {
  return async ({ name }: z.output<typeof ReadCircuitsInput>, ctx: Pick<RequestContext, "admin">) => {
    const { register } = open(ctx);
    if (name === undefined) return { circuits: await register.list(), history: [] };
    const [circuits, history] = await Promise.all([register.list(name), register.history(name, historyLength)]);
    if (circuits.length === 0 && history.length === 0) {
      throw new AppError("not_found", `Cannot show the circuit as none named '${name}' was ever in trouble`);
    }
    return { circuits, history };
  };
}
