import { AppError } from "../../../_shared/errors/appError.ts";
import type { JobRegister, JobStanding } from "../../../_shared/jobs/jobRegister.ts";

/** The schedule of a name; throws where there is none. */
export async function findJob(register: JobRegister, action: string, name: string): Promise<JobStanding> {
  const [job] = await register.list(name);
  if (job === undefined) {
    throw new AppError("not_found", `Cannot ${action} the job as there is no schedule named '${name}'`);
  }
  return job;
}
