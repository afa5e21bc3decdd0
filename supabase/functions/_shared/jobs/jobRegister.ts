/** A schedule, and how its job does. */
export interface JobStanding {
  readonly name: string;
  readonly cron: string;
  readonly functionName: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly isEnabled: boolean;
  readonly leaseSeconds: number;
  readonly maxAttempts: number;
  readonly maxGapSeconds: number;
  readonly updatedAt: Date;
  readonly lastSucceededAt: Date | null;
  readonly lastState: JobRunState | null;
  readonly lastErrorCode: string | null;
  /** No success for longer than `maxGapSeconds`: a run was missed. */
  readonly isOverdue: boolean;
  readonly isRunning: boolean;
  readonly leaseExpiresAt: Date | null;
  readonly failedCount: number;
  readonly abandonedCount: number;
}

/** Where a run stands. */
export type JobRunState = "running" | "paused" | "succeeded" | "failed" | "abandoned";

/** One attempt at one time, as it was recorded. */
export interface JobRunRecord {
  readonly id: string;
  readonly scheduledFor: Date;
  readonly attempt: number;
  readonly state: JobRunState;
  readonly runner: string | null;
  readonly progress: unknown;
  readonly outcome: unknown;
  readonly errorCode: string | null;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
  readonly finishedAt: Date | null;
}

/** What may be changed of a schedule while it runs. */
export interface ScheduleChange {
  readonly isEnabled?: boolean | undefined;
  readonly cron?: string | undefined;
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
}

/** What people see and change of jobs; which runner works is none of its business. */
export interface JobRegister {
  /** All schedules, or the one of a name. */
  list(name?: string): Promise<JobStanding[]>;
  /** Runs of a job, the newest first, of those before `beforeId`. */
  runs(job: string, page: { readonly beforeId?: string | undefined; readonly limit: number }): Promise<JobRunRecord[]>;
  /** Is it an expression that every scheduler reads alike? */
  isCron(expression: string): Promise<boolean>;
  /** Changes a schedule. False where there is none of that name. */
  change(name: string, change: ScheduleChange): Promise<boolean>;
}
