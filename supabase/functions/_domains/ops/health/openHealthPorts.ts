import { type FleetMember, postgresFleet } from "../../../_shared/fleet/postgresFleet.ts";
import { kernelServices } from "../../../_shared/http/kernelServices.ts";
import { denoPlatform } from "../../../_shared/platform/denoPlatform.ts";
import { currentIsolate } from "../../../_shared/platform/isolate.ts";
import { ballastVersion } from "../../../_shared/platform/version.ts";
import { migrationVersions } from "../migrationVersions.ts";
import type { OpenHealthPorts } from "./healthPorts.ts";
import { postgresHealthProbe } from "./postgresHealthProbe.ts";

/** The ports of ops-health. A run is shared by many askers, so its database is not bound to the first one's signal. */
export const openHealthPorts: OpenHealthPorts = ({ clock }) => {
  const database = kernelServices().admin();
  const member: FleetMember = { ...currentIsolate(), ballastVersion, denoVersion: denoPlatform.denoVersion };
  return {
    clock,
    probe: postgresHealthProbe(database, member),
    fleet: postgresFleet(database, member),
    member,
    expectedMigrations: migrationVersions,
  };
};
