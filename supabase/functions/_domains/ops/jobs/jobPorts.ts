import type { RequestContext } from "../../../_shared/http/context.ts";
import type { JobRegister } from "../../../_shared/jobs/jobRegister.ts";
import { postgresJobRegister } from "../../../_shared/jobs/postgresJobRegister.ts";
import { type WakeAnswer, type WakeCall, wakeOverHttp } from "../../../_shared/jobs/wakeOverHttp.ts";

/** What the use cases of ops-jobs need. */
export interface JobPorts {
  readonly register: JobRegister;
  wake(call: WakeCall): Promise<WakeAnswer>;
}

/** Opens them for a request. */
export type OpenJobPorts = (ctx: Pick<RequestContext, "admin">) => JobPorts;

/** The ports of ops-jobs. */
export const openJobPorts: OpenJobPorts = ({ admin }) => ({
  register: postgresJobRegister(admin.sql),
  wake: (call) => wakeOverHttp(call),
});
