import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import type { OpenAlertPorts } from "./alerts/alertPorts.ts";
import { fullSilence } from "./alerts/alertSchemas.ts";

/** Which silence ends. */
export const LiftSilenceInput = z.strictObject({ silence: z.uuid() });

/** The silence as it was. */
export const LiftSilenceOutput = z.object({ silence: fullSilence });

/** Ends a silence before its time: what it held back and is still open is told within a minute. */
export function liftSilence(open: OpenAlertPorts) {
  return async (
    { silence: id }: z.output<typeof LiftSilenceInput>,
    ctx: Pick<RequestContext, "admin">,
  ): Promise<z.input<typeof LiftSilenceOutput>> => {
    const silence = await open(ctx).register.lift(id);
    if (silence === undefined) {
      throw new AppError("not_found", `Cannot end the silence as there is none with the id ${id}`);
    }
    return { silence };
  };
}
