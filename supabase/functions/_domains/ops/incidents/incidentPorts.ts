import type { RequestContext } from "../../../_shared/http/context.ts";
import { type FactReader, postgresFacts } from "../../../_shared/incidents/postgresFacts.ts";

/** What the use case of ops-incident needs. */
export interface IncidentPorts {
  readonly facts: FactReader;
}

/** Opens them for a request. */
export type OpenIncidentPorts = (ctx: Pick<RequestContext, "admin">) => IncidentPorts;

/** The ports of ops-incident. */
export const openIncidentPorts: OpenIncidentPorts = (ctx) => ({ facts: postgresFacts(ctx.admin) });
