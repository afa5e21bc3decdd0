import type { LedgerTable, Writer } from "./heal.ts";

/** A write that is given up. */
export interface DeadLetterRecord {
  readonly id: string;
  readonly requestId?: string;
  readonly table: LedgerTable;
  readonly operation: "insert" | "upsert" | "update" | "delete" | "rpc";
  /** One row of payload as it was sent, as JSON text. */
  readonly payload: string;
  /** What else the write was told, as the text of a JSON object. @default "{}" */
  readonly argumentsText?: string;
  readonly errorCode: string;
  /** The error's own fields, without its message. @default none */
  readonly errorFields?: Readonly<Record<string, unknown>>;
  readonly schemaVersion?: string;
  /** How often it was tried. @default 1 */
  readonly attempts?: number;
  /** For whom it is kept, told by a session under its own rights. @default whoever the transaction runs as */
  readonly writer?: Writer;
}

/** A write that was given up. */
export interface DeadLetter extends DeadLetterRecord {
  readonly argumentsText: string;
  readonly errorFields: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly writer: Writer;
  readonly diedAt: Date;
  readonly settled?: { readonly outcome: "landed" | "discarded"; readonly at: Date; readonly by: string | null };
}

/** Which letters; all conditions hold. */
export interface DeadLetterFilter {
  readonly ids?: readonly string[];
  readonly table?: { readonly schema: string; readonly name: string };
  readonly since?: Date;
  /** Only those that nobody has settled. @default false */
  readonly isOpen?: boolean;
  /** @default 100 */
  readonly limit?: number;
}

/** Dead letters. */
export interface DeadLetterStore {
  /** Keeps letters; in the transaction that lands their neighbours, or in one of its own. */
  keepDeadLetters(letters: readonly DeadLetterRecord[]): Promise<void>;
  /** The newest first. */
  listDeadLetters(filter?: DeadLetterFilter): Promise<DeadLetter[]>;
  /** Takes open letters, the oldest first, for as long as the transaction lasts; what another one has taken is left out. */
  takeDeadLetters(filter?: DeadLetterFilter): Promise<DeadLetter[]>;
  /** Settles a letter, once. False where somebody else has. */
  settle(id: string, outcome: "landed" | "discarded", by?: string): Promise<boolean>;
  /** Notes another failure of an open letter. */
  markTried(id: string, errorCode: string, errorFields?: Readonly<Record<string, unknown>>): Promise<void>;
}
