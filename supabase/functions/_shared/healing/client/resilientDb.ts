import type { Match, Row, Selection } from "../../connect/connector.ts";
import type { DiagnosisKind } from "../diagnosis/diagnosis.ts";
import type { HealingPattern } from "../patterns/healingPattern.ts";
import type { SpillStatus } from "../spill/spillStatus.ts";
import type { BatchOptions, BatchReport } from "./batchReport.ts";
import type {
  HealExplanation,
  OperatorNote,
  PatternNote,
  ReconstructTarget,
  ReplayFilter,
  ReplayReport,
} from "./operatorReports.ts";
import type { ResilientDbError } from "./resilientDbError.ts";

/** What was done so that a statement could land, as it stands in the ledger under its id. */
export interface Healing {
  readonly id: string;
  readonly diagnosis: DiagnosisKind;
  /** `schema.table`, by its newest name. */
  readonly table: string;
  /** What was sent, such as a key. */
  readonly from?: string;
  /** What it was taken for; absent where it was set aside. */
  readonly to?: string;
  readonly strategy: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly confidence: number;
}

/** What a call cost and what it took. */
export interface DbEffort {
  readonly healing: readonly Healing[];
  /** Statements or transactions tried, the first one included. */
  readonly attempts: number;
  readonly durationMs: number;
}

/** As in supabase-js, exactly one of `data` and `error` is null. */
export type DbResult<Data> =
  & ({ readonly data: Data; readonly error: null } | { readonly data: null; readonly error: ResilientDbError })
  & DbEffort;

/** Options of one write. */
export interface WriteOptions {
  /** Run twice under it, the write has its effect once, and the second call gets the first one's result. */
  idempotencyKey?: string;
  /** `spill`: while the database is down, keep the write in memory and send it later; never acknowledged. @default "durable" */
  durability?: "durable" | "spill";
  /** Ends every wait. A statement that was sent is not called back. */
  signal?: AbortSignal;
  /** Whether a write that cannot land is kept to be replayed. @default true */
  deadLetter?: boolean;
}

/** Options of an upsert. */
export interface UpsertOptions extends WriteOptions {
  /** The columns that make two rows the same: names, or one text with commas as supabase-js takes it. */
  onConflict: string | readonly string[];
}

/** The statements of a {@link ResilientDb}, which a transaction has as well. */
export interface ResilientStatements {
  insert(table: string, rows: Row | readonly Row[], options?: WriteOptions): Promise<DbResult<Row[]>>;
  upsert(table: string, rows: Row | readonly Row[], options: UpsertOptions): Promise<DbResult<Row[]>>;
  update(table: string, patch: Row, match: Match, options?: WriteOptions): Promise<DbResult<Row[]>>;
  delete(table: string, match: Match, options?: WriteOptions): Promise<DbResult<Row[]>>;
  select(table: string, selection?: Selection, options?: { signal?: AbortSignal }): Promise<DbResult<Row[]>>;
  rpc(fn: string, args?: Row, options?: WriteOptions): Promise<DbResult<unknown>>;
}

/** How a transaction runs. */
export interface ResilientTransactionOptions {
  idempotencyKey?: string;
  isolation?: "read committed" | "repeatable read" | "serializable";
  signal?: AbortSignal;
}

/**
 * A database whose writes heal. `table` is `table` or `schema.table`; identifiers are quoted, values are parameters,
 * always.
 */
export interface ResilientDb extends ResilientStatements {
  /** Writes many rows, a statement a chunk; one bad row never costs its neighbours. */
  batch(table: string, rows: readonly Row[], options?: BatchOptions): Promise<BatchReport>;
  /** Runs `work` in one transaction, as a whole again where it collides, drifts or loses its connection. */
  transaction<Result>(
    work: (tx: ResilientStatements) => Promise<Result>,
    options?: ResilientTransactionOptions,
  ): Promise<DbResult<Result>>;
  /** Sends dead letters again and moves rescued values whose column has become certain; each exactly once. */
  replay(filter?: ReplayFilter): Promise<DbResult<ReplayReport>>;
  /** Takes a heal back: values leave the column they were given and are set aside instead. */
  undo(healingId: string, note?: OperatorNote): Promise<DbResult<{ readonly rows: number }>>;
  explain(healingId: string): Promise<DbResult<HealExplanation>>;
  /** The exact payload as it was sent: of every row of a heal, or of one row. */
  reconstruct(target: string | ReconstructTarget | Row): Promise<DbResult<ReconstructedRow[]>>;
  patterns(): Promise<DbResult<HealingPattern[]>>;
  approve(patternId: string, note?: PatternNote): Promise<DbResult<HealingPattern>>;
  reject(patternId: string, note?: PatternNote): Promise<DbResult<HealingPattern>>;
  /** How many writes with `durability: "spill"` wait for the database, and what became of the others. */
  spill(): SpillStatus;
  /** Waits until what was learned, noted or spilled is written down. */
  flush(): Promise<void>;
  /** Flushes, and closes what was opened here; a client that was passed in stays its owner's. */
  close(): Promise<void>;
}

/** A payload rebuilt from its row and the ledger. */
export interface ReconstructedRow {
  readonly payload: Row;
  /** Its JSON text, to the letter where `isExact`. */
  readonly text: string;
  /** False once somebody has updated a column that the payload landed in. */
  readonly isExact: boolean;
}
