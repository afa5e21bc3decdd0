/** What the database answers to a call. */
export interface Pong {
  /** The database's clock, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
  readonly serverVersion: string;
  /** Does it refuse writes, as a replica or a full disk does? */
  readonly isReadOnly: boolean;
}

/** Who may reach what, as the catalog has it. */
export interface AccessFacts {
  /** Roles the suite relies on that are not there. */
  readonly missingRoles: readonly string[];
  /** Tables and functions of the kernel's schema that API roles could use. */
  readonly reachable: readonly string[];
  /** Tables of the kernel without row level security. */
  readonly unprotected: readonly string[];
  /** Tables of the API's schema without row level security. */
  readonly unprotectedPublic: readonly string[];
}

/** A job as far as health goes. */
export interface JobFacts {
  readonly name: string;
  readonly isOverdue: boolean;
  readonly lastState: string | null;
  readonly lastErrorCode: string | null;
}

/** A queue as far as health goes. */
export interface QueueFacts {
  readonly name: string;
  readonly waiting: number;
  readonly hidden: number;
  readonly dead: number;
  /** How long the oldest waiting message has waited. */
  readonly oldestWaitingMs: number;
}

/** What ops-health asks the database, each in one statement. */
export interface HealthProbe {
  ping(): Promise<Pong>;
  /** Versions of the migrations that were applied. */
  appliedMigrations(): Promise<readonly string[]>;
  access(): Promise<AccessFacts>;
  /** Writes a mark and reads it back. True when what was written was read. */
  writeAndRead(): Promise<boolean>;
  jobs(): Promise<readonly JobFacts[]>;
  queues(): Promise<readonly QueueFacts[]>;
  extensions(): Promise<readonly string[]>;
}
