import type { Row } from "../../connect/connector.ts";
import type { LedgerTable, Writer } from "./heal.ts";
import type { PayloadShape } from "./payloadShape.ts";

/** Fields of one row of payload to set aside. */
export interface RescueRecord {
  readonly id: string;
  readonly healingId?: string;
  readonly table: LedgerTable & { readonly oid: number };
  /** The key of the row that this transaction wrote. */
  readonly rowKey: Row;
  /** As {@link DescribedPayload} gives it. */
  readonly rescuedText: string;
  readonly rescuedKeys: readonly string[];
  readonly shape: PayloadShape;
  /** The schema's hash. */
  readonly schemaVersion?: string;
}

/** What is kept of a row that has landed, and under whose rights it did. */
export type LandedRecord = RescueRecord & { readonly writer?: Writer };

/** Fields to set aside ahead of a write that another transaction makes; the row's key may not be known yet. */
export type RescueAhead = Omit<RescueRecord, "rowKey"> & { readonly rowKey?: Row; readonly writer?: Writer };

/** Fields that were set aside. */
export interface Rescue extends Omit<RescueRecord, "rowKey" | "rescuedKeys"> {
  /** Its values as text, whatever their type. */
  readonly rowKey?: Row;
  /** The keys that have not moved to a column yet. */
  readonly openKeys: readonly string[];
  readonly writer: Writer;
  readonly rescuedAt: Date;
  /** Unknown for a rescue ahead of its write until somebody has said that the row is there. */
  readonly landedAt?: Date;
  readonly replayedAt?: Date;
  readonly replays: readonly RescueReplay[];
}

/** A rescued field that has moved to its column. */
export interface RescueReplay {
  readonly key: string;
  readonly column: string;
  readonly attnum: number;
  readonly healingId: string | null;
  /** An ISO time. */
  readonly at: string;
}

/** Which rescues; all conditions hold. */
export interface RescueFilter {
  readonly ids?: readonly string[];
  readonly tableOid?: number;
  readonly rowKey?: Row;
  readonly healingIds?: readonly string[];
  readonly since?: Date;
  /** Only those with fields that have not moved. @default false */
  readonly isOpen?: boolean;
  /** Only those of which it is not known that their row was written. @default false */
  readonly isUnconfirmed?: boolean;
  /** @default 100 */
  readonly limit?: number;
}

/** Which rescues to take. */
export interface ReplayFilter {
  /** @default all */
  readonly ids?: readonly string[];
  readonly since?: Date;
  readonly tableOid: number;
  /** The key whose field is to move. */
  readonly key: string;
  /** Goes on behind this id; rescues are taken in the order of theirs. */
  readonly afterId?: string;
  /** @default 100 */
  readonly limit?: number;
}

/** Rescued fields. */
export interface RescueStore {
  /** Sets fields aside within the transaction that wrote their rows; refused for rows that it did not write. */
  rescue(rescues: readonly RescueRecord[]): Promise<void>;
  /** Sets fields aside before a write whose transaction is not ours, as through PostgREST. Not open to callers. */
  rescueAhead(rescues: readonly RescueAhead[]): Promise<void>;
  /** Says that the row of a rescue ahead of its write is there. False where that was known. */
  confirmLanded(id: string, rowKey: Row, healingId?: string): Promise<boolean>;
  /** Keeps records of rows that have landed already, in any transaction. Not open to callers. */
  noteLanded(rescues: readonly LandedRecord[]): Promise<void>;
  /** Forgets a rescue ahead of its write, as that has failed and was kept elsewhere. False where its row is there. */
  dropUnlanded(id: string): Promise<boolean>;
  /** The newest first. */
  listRescued(filter?: RescueFilter): Promise<Rescue[]>;
  /** Takes rescues for as long as the transaction lasts; what another one has taken is left out. */
  takeForReplay(filter: ReplayFilter): Promise<Rescue[]>;
  /** Marks a field as moved, once. The text stays: it is what the payload is rebuilt from. */
  markReplayed(id: string, replay: Omit<RescueReplay, "at">): Promise<boolean>;
  /** Takes a replay back: the field is open again. */
  reopen(id: string, key: string): Promise<boolean>;
}
