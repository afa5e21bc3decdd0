import type { Fleet } from "../../../_shared/fleet/fleet.ts";
import type { FleetMember } from "../../../_shared/fleet/postgresFleet.ts";
import type { RequestContext } from "../../../_shared/http/context.ts";
import type { Clock } from "../../../_shared/time/clock.ts";
import type { HealthProbe } from "./healthProbe.ts";

/** What ops-health is made of. */
export interface HealthPorts {
  readonly clock: Clock;
  readonly probe: HealthProbe;
  readonly fleet: Fleet;
  readonly member: FleetMember;
  /** The migrations this code was written for. */
  readonly expectedMigrations: readonly string[];
}

/** Makes the ports of one request. */
export type OpenHealthPorts = (ctx: Pick<RequestContext, "clock">) => HealthPorts;
