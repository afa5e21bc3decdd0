import type { Alert, AlertSeverity, AlertState, NoticeKind } from "../alert.ts";

/** Which alerts are wanted. */
export interface AlertFilter {
  readonly state?: AlertState | undefined;
  /** This bad, or worse. */
  readonly severity?: AlertSeverity | undefined;
  /** What the key begins with. */
  readonly prefix?: string | undefined;
  /** Only what comes after it, in the order of pages. */
  readonly after?: AlertPlace | undefined;
}

/** Where a page has left off: the moment as the database writes it, and the id. */
export type AlertPlace = readonly [firstRaisedAt: string, id: string];

/** A page of alerts, newest first. */
export interface AlertPage {
  readonly alerts: readonly Alert[];
  /** `null` on the last page. */
  readonly next: AlertPlace | null;
}

/** What was told of an alert, to whom. */
export interface AlertDelivery {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly sink: string;
  readonly state: "pending" | "delivered" | "given_up";
  readonly attempts: number;
  readonly createdAt: string;
  /** When it is tried next, or when it ended. */
  readonly at: string;
  readonly code: string | null;
}

/** What is told to nobody. */
export interface Silence {
  readonly id: string;
  readonly prefix: string;
  /** What is worse is told all the same. */
  readonly maxSeverity: AlertSeverity;
  readonly fromAt: string;
  readonly untilAt: string;
  readonly createdBy: string;
  readonly reason: string;
}

/** How a sink does. */
export interface SinkStatus {
  readonly name: string;
  readonly disabledAt: string | null;
  readonly disabledReason: string | null;
  readonly lastDeliveredAt: string | null;
  readonly lastFailedAt: string | null;
  readonly lastErrorCode: string | null;
  /** Deliveries that it has not taken yet. */
  readonly pending: number;
}

/** Alerts as an operator sees and judges them. */
export interface AlertRegister {
  list(filter: AlertFilter, limit: number): Promise<AlertPage>;
  find(id: string): Promise<Alert | undefined>;
  /** The newest first. */
  deliveries(id: string, limit: number): Promise<AlertDelivery[]>;
  /** Undefined where there is no such alert. */
  judge(
    id: string,
    state: "acknowledged" | "resolved",
    word: { readonly by: string; readonly note?: string | undefined },
  ): Promise<Alert | undefined>;
  /** Those that have not ended yet. */
  silences(): Promise<Silence[]>;
  silence(silence: Omit<Silence, "id">): Promise<Silence>;
  /** Undefined where there is none. */
  lift(id: string): Promise<Silence | undefined>;
  sinks(): Promise<SinkStatus[]>;
}
