import type { Row } from "../../connect/connector.ts";
import type { PayloadShape } from "./payloadShape.ts";

/** A table by its identity, where that is known, and by the name it had. */
export interface LedgerTable {
  readonly oid?: number;
  readonly schema: string;
  readonly name: string;
}

/** A heal to record. */
export interface HealRecord {
  readonly id: string;
  readonly requestId?: string;
  readonly table: LedgerTable;
  readonly diagnosis: string;
  /** What was sent, such as a key, and what it was taken for. */
  readonly from?: string;
  readonly to?: string;
  readonly strategy: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  /** What else was possible. @default none */
  readonly alternatives?: readonly unknown[];
  readonly confidence: number;
  readonly patternId?: string;
  /** The keys of the rows it was for. @default none */
  readonly rowKeys?: readonly Row[];
  readonly shape?: PayloadShape;
  /** The schema's hash. */
  readonly schemaVersion?: string;
  readonly durationMs: number;
}

/** A heal as it stands in the ledger. */
export interface Heal extends HealRecord {
  readonly alternatives: readonly unknown[];
  readonly rowKeys: readonly Row[];
  readonly writer: Writer;
  readonly healedAt: Date;
  readonly undone?: { readonly at: Date; readonly by: string; readonly reason?: string };
}

/** Under whose rights something was written; a heal knows no more of the claims than `sub`. */
export interface Writer {
  readonly role: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Which heals; all conditions hold. */
export interface HealFilter {
  readonly ids?: readonly string[];
  readonly tableOid?: number;
  readonly requestId?: string;
  readonly since?: Date;
  /** @default 100 */
  readonly limit?: number;
}

/** Heals that were recorded. */
export interface HealStore {
  /** Records heals within the transaction of the write; one that is recorded already stays as it is. */
  recordHeals(heals: readonly HealRecord[]): Promise<void>;
  /** The newest first. */
  listHeals(filter?: HealFilter): Promise<Heal[]>;
  /** Marks a heal as taken back. False where it was already, or is not there: of many that undo it one may go on. */
  markUndone(id: string, note: { by: string; reason?: string }): Promise<boolean>;
}
