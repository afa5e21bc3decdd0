import type { CircuitRegister } from "../../../_shared/breaker/circuitRegister.ts";
import { postgresCircuitRegister } from "../../../_shared/breaker/postgresCircuitRegister.ts";
import type { RequestContext } from "../../../_shared/http/context.ts";

/** What the use cases of ops-circuits need. */
export interface CircuitPorts {
  readonly register: CircuitRegister;
}

/** Opens them for a request. */
export type OpenCircuitPorts = (ctx: Pick<RequestContext, "admin">) => CircuitPorts;

/** The ports of ops-circuits. */
export const openCircuitPorts: OpenCircuitPorts = (ctx) => ({ register: postgresCircuitRegister(ctx.admin) });
