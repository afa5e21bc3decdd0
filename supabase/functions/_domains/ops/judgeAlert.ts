import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import type { OpenAlertPorts } from "./alerts/alertPorts.ts";
import { fullAlert } from "./alerts/alertSchemas.ts";
import { callerName } from "./callerName.ts";
import { reason } from "./flags/flagSchemas.ts";

/** A person's word on an alert. */
export const JudgeAlertInput = z.strictObject({
  id: z.uuid(),
  /** `acknowledged`: nobody is reminded until it gets worse. `resolved`: it is over; what is still wrong is raised anew. */
  to: z.enum(["acknowledged", "resolved"]),
  /** Kept with the alert, and told with its end. */
  note: reason.optional(),
});

/** The alert as it is now. */
export const JudgeAlertOutput = z.object({ alert: fullAlert });

/** Acknowledges or resolves an alert. Of one that is resolved already nothing changes. */
export function judgeAlert(open: OpenAlertPorts) {
  return async (
    { id, to, note }: z.output<typeof JudgeAlertInput>,
    ctx: Pick<RequestContext, "admin" | "caller">,
  ): Promise<z.input<typeof JudgeAlertOutput>> => {
    const alert = await open(ctx).register.judge(id, to, { by: callerName(ctx.caller), note });
    if (alert === undefined) {
      throw new AppError("not_found", `Cannot change the alert as there is none with the id ${id}`);
    }
    return { alert };
  };
}
