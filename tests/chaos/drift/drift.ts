/** What should come of a mutation where nothing else stands in its way. */
export type Expectation =
  /** There is enough evidence: the value belongs in its column. */
  | "heal"
  /** Postgres takes it as it is sent. */
  | "as sent"
  /** No column is meant, or it cannot be told which: the value is set aside. */
  | "rescue"
  /** The row cannot land without loss: it is kept as a dead letter. */
  | "refuse";

/** Something that has drifted. */
export interface Mutation {
  readonly kind: string;
  readonly expectation: Expectation;
}

/** A column, or a member of a JSON column, and the canonical texts one of which it holds where the value is in its place. */
export interface Place {
  readonly column: string;
  readonly member?: string;
  readonly holds: readonly string[];
}

/** One key of a row of payload. */
export interface DriftField {
  readonly key: string;
  readonly value: unknown;
  /** Where it belongs: nowhere where this is empty; a place that may hold nothing is one the value does not fit. */
  readonly places: readonly Place[];
  /** Places in {@link Drift.mutations}; none where it has not drifted. */
  readonly mutations: readonly number[];
  /** Must the payload's text be kept beside the row, as another key or another form of the value landed? */
  readonly isTouched: boolean;
}

/** One row of payload. */
export interface DriftRow {
  readonly fields: readonly DriftField[];
  /** Canonical text of the key of the row that it is for; undefined where the database makes it. */
  readonly rowKey: string | undefined;
  /** Can it not land, whatever heals? */
  readonly isBlocked: boolean;
  /** What is wrong with the row as a whole; indices as in {@link DriftField.mutations}. */
  readonly mutations: readonly number[];
}

/** A row of payload as JSON, to the letter. */
export function payloadText({ fields }: DriftRow): string {
  return JSON.stringify(Object.fromEntries(fields.map(({ key, value }) => [key, value])));
}

/** One call. */
export interface DriftCall {
  readonly operation: "insert" | "upsert" | "update" | "batch";
  readonly table: string;
  readonly rows: readonly DriftRow[];
  readonly match?: Readonly<Record<string, unknown>>;
  readonly onConflict?: readonly string[];
  readonly chunkSize?: number;
}

/** A change of the schema, and what is called after it. */
export interface DriftStage {
  readonly ddl: readonly string[];
  /** Does somebody look at the schema after it? */
  readonly isSeen: boolean;
  readonly calls: readonly DriftCall[];
}

/** A column as it is in the end. */
export interface FinalColumn {
  readonly name: string;
  /** As DDL names it, `enum` for an enum. */
  readonly type: string;
  /** Canonical text of what a new row holds there by itself; undefined where that cannot be foretold. */
  readonly rest: string | null | undefined;
}

/** A row that is there before, by column in the end; canonical texts. */
export interface SeedRow {
  readonly rowKey: string;
  /** As it is sent, under the names of then. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly holds: Readonly<Record<string, readonly string[] | null>>;
}

/** How the calls reach the database. */
export type DriftRoute = "direct" | "pgbouncer" | "postgrest";

/** A schema that changed, the calls of somebody who does not know, and what they truly mean. */
export interface Drift {
  readonly number: number;
  readonly mutations: readonly Mutation[];
  readonly route: DriftRoute;
  /** Does an isolate that has never seen the table make the calls? */
  readonly isFreshIsolate: boolean;
  /** Are the seeds written through the very isolate that makes the calls? */
  readonly isWarm: boolean;
  readonly bornAs: string;
  /** The table's name in the end; undefined where it is gone. */
  readonly table: string | undefined;
  readonly keyColumn: string;
  readonly columns: readonly FinalColumn[];
  readonly seeds: readonly SeedRow[];
  /** Tables that nothing was meant for; they are empty. */
  readonly bystanders: readonly string[];
  /** The first one makes the table. */
  readonly stages: readonly DriftStage[];
  /** Removes what the stages have made. */
  readonly cleanUp: readonly string[];
}
