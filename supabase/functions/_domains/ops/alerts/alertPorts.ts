import type { ConfiguredSink } from "../../../_shared/alerts/alertSink.ts";
import { readAlertSinks } from "../../../_shared/alerts/alertSettings.ts";
import type { AlertOutbox } from "../../../_shared/alerts/outbox/alertOutbox.ts";
import { postgresAlertOutbox } from "../../../_shared/alerts/outbox/postgresAlertOutbox.ts";
import type { AlertRegister } from "../../../_shared/alerts/register/alertRegister.ts";
import { postgresAlertRegister } from "../../../_shared/alerts/register/postgresAlertRegister.ts";
import type { RequestContext } from "../../../_shared/http/context.ts";
import { denoPlatform } from "../../../_shared/platform/denoPlatform.ts";
import { isHosted } from "../../../_shared/platform/isHosted.ts";

/** What the use cases of ops-alerts need. */
export interface AlertPorts {
  readonly register: AlertRegister;
  readonly outbox: AlertOutbox;
  readonly sinks: readonly ConfiguredSink[];
}

/** Opens them for a request. */
export type OpenAlertPorts = (ctx: Pick<RequestContext, "admin">) => AlertPorts;

/** The ports of ops-alerts; the environment is read anew each time, as it is cheap and secrets change. */
export const openAlertPorts: OpenAlertPorts = ({ admin }) => ({
  register: postgresAlertRegister(admin.sql),
  outbox: postgresAlertOutbox(admin.sql),
  sinks: readAlertSinks((name) => denoPlatform.env(name), { isHosted: isHosted() }),
});
