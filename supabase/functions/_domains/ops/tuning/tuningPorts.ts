import type { RequestContext } from "../../../_shared/http/context.ts";
import type { KnobRegister } from "../../../_shared/optimizer/operator/knobRegister.ts";
import { postgresKnobRegister } from "../../../_shared/optimizer/operator/postgresKnobRegister.ts";

/** What the use cases of ops-tuning need. */
export interface TuningPorts {
  readonly register: KnobRegister;
}

/** Opens them for a request. */
export type OpenTuningPorts = (ctx: Pick<RequestContext, "admin">) => TuningPorts;

/** The ports of ops-tuning. */
export const openTuningPorts: OpenTuningPorts = (ctx) => ({ register: postgresKnobRegister(ctx.admin) });
