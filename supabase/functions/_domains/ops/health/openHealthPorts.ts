import { type FleetMember, postgresFleet } from "../../../_shared/fleet/postgresFleet.ts";
import { denoPlatform } from "../../../_shared/platform/denoPlatform.ts";
import { currentIsolate } from "../../../_shared/platform/isolate.ts";
import { ballastVersion } from "../../../_shared/platform/version.ts";
import { migrationVersions } from "../migrationVersions.ts";
import type { OpenHealthPorts } from "./healthPorts.ts";
import { postgresHealthProbe } from "./postgresHealthProbe.ts";

/** The ports of ops-health over the request's own database and this isolate. */
export const openHealthPorts: OpenHealthPorts = (ctx) => {
  const member: FleetMember = { ...currentIsolate(), ballastVersion, denoVersion: denoPlatform.denoVersion };
  return {
    clock: ctx.clock,
    probe: postgresHealthProbe(ctx.admin, member),
    fleet: postgresFleet(ctx.admin, member),
    member,
    expectedMigrations: migrationVersions,
  };
};
