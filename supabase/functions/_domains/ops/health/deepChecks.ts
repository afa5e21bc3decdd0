import type { HealthCheck } from "./healthCheck.ts";
import type { HealthPorts } from "./healthPorts.ts";
import type { AccessFacts, JobFacts, QueueFacts } from "./healthProbe.ts";
import type { CheckFinding } from "./healthReport.ts";

const oldAboveMs = 600_000;

/** What `?deep=1` looks at besides. */
export function deepChecks({ probe }: HealthPorts): HealthCheck[] {
  return [
    { name: "access", isCritical: true, run: async () => accessFinding(await probe.access()) },
    {
      name: "writes",
      isCritical: true,
      run: async () =>
        await probe.writeAndRead()
          ? { status: "pass" }
          : { status: "fail", output: "What was written could not be read back" },
    },
    { name: "jobs", isCritical: false, run: async () => jobsFinding(await probe.jobs()) },
    { name: "queues", isCritical: false, run: async () => queuesFinding(await probe.queues()) },
    {
      name: "extensions",
      isCritical: false,
      run: async () => ({ status: "pass", details: { installed: await probe.extensions() } }),
    },
  ];
}

/** A kernel that API roles can reach fails; an unprotected table of the API may be meant so, and warns. */
export function accessFinding(facts: AccessFacts): CheckFinding {
  const { missingRoles, reachable, unprotected, unprotectedPublic } = facts;
  const details = { ...facts };
  if (missingRoles.length > 0) return { status: "fail", output: "Roles are missing", details };
  if (reachable.length > 0) return { status: "fail", output: "The kernel's tables are open to API roles", details };
  if (unprotected.length > 0) return { status: "fail", output: "Kernel tables lack row level security", details };
  if (unprotectedPublic.length > 0) return { status: "warn", output: "Tables lack row level security", details };
  return { status: "pass" };
}

/** Overdue jobs warn: what they do is late, and nothing is lost. */
export function jobsFinding(jobs: readonly JobFacts[]): CheckFinding {
  const isOverdue = jobs.some((job) => job.isOverdue);
  return {
    status: isOverdue ? "warn" : "pass",
    ...(isOverdue ? { output: "Some jobs are overdue" } : {}),
    details: { jobs },
  };
}

/** Dead letters and messages that wait for long warn. */
export function queuesFinding(queues: readonly QueueFacts[]): CheckFinding {
  const details = { queues };
  if (queues.some(({ dead }) => dead > 0)) return { status: "warn", output: "Some messages were given up", details };
  if (queues.some(({ oldestWaitingMs }) => oldestWaitingMs > oldAboveMs)) {
    return { status: "warn", output: "Some messages have waited for long", details };
  }
  return { status: "pass", details };
}
