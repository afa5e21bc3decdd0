import type { Row } from "../../connect/connector.ts";
import type { LedgerTable, Writer } from "./heal.ts";
import type { PayloadShape } from "./payloadShape.ts";

/** A key of a payload and the column that gives its value back. */
export interface NotedPart {
  readonly key: string;
  readonly column: string;
}

/** What is the same for all noted rows of one plan and key shape. */
export interface NotedShape {
  /** The id that the records of the plan's rows carry. */
  readonly healingId: string;
  readonly table: LedgerTable & { readonly oid: number };
  readonly parts: readonly NotedPart[];
  /** The schema's hash. */
  readonly schemaVersion: string;
}

/** Rows of one shape that are written down together. */
export interface NotedRows {
  readonly id: string;
  readonly shape: NotedShape;
  /** Whose rights they landed under. @default the rights of whoever writes them down */
  readonly writerRole?: string;
  /** Of each row its key, as `rowKeyText` writes it, and its payload's fingerprint. */
  readonly rows: readonly (readonly [keyText: string, fingerprint: string])[];
}

/** A row as it was noted. */
export interface NotedRow {
  readonly healingId: string;
  readonly table: LedgerTable & { readonly oid: number };
  /** Its values as text, whatever their type. */
  readonly rowKey: Row;
  readonly shape: PayloadShape;
  /** The schema's hash. */
  readonly schemaVersion: string;
  readonly writer: Writer;
  readonly notedAt: Date;
}

/** Which noted rows: those of a plan, or those with a key. */
export type NotedRowFilter =
  & ({ readonly healingId: string } | { readonly tableOid: number; readonly rowKey: Row })
  & {
    /** @default 100 */
    readonly limit?: number;
  };

/** Rows that landed under other names than they were sent with, and whose columns tell all the rest. */
export interface NotedRowStore {
  /** Keeps them; what was kept before under its id stays as it is. Not open to callers. */
  noteRows(noted: readonly NotedRows[]): Promise<void>;
  /** The newest first. */
  listNoted(filter: NotedRowFilter): Promise<NotedRow[]>;
  /** Gives each row of a plan a record of its own among the rescues. */
  unpackNoted(healingId: string): Promise<void>;
}
