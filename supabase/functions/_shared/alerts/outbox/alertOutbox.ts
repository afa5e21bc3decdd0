import type { AlertNotice } from "../alert.ts";
import type { ConfiguredSink } from "../alertSink.ts";

/** A delivery under a lease. */
export interface LeasedDelivery {
  readonly sink: string;
  readonly notice: AlertNotice;
  readonly leaseToken: string;
  /** This one included. */
  readonly attempts: number;
  /** The wait before it. */
  readonly waitMs: number;
}

/** What came of a delivery. `postponed`: it was not tried. `gone`: the receiver wants nothing more. */
export type DeliveryResult =
  | { readonly kind: "delivered" }
  | { readonly kind: "failed" | "postponed"; readonly code: string; readonly waitMs: number }
  | { readonly kind: "gone"; readonly code: string };

/** What is to be told, and who has been told. */
export interface AlertOutbox {
  /** Says which sinks there are by now; one whose address has changed has a new chance. */
  register(sinks: readonly ConfiguredSink[]): Promise<void>;
  /** Writes reminders of what is open and bad and was last told so long ago; gives their number. */
  remind(afterSeconds: number): Promise<number>;
  /** Makes deliveries of the notices that are due; gives the number of notices. */
  fanOut(sinks: readonly ConfiguredSink[]): Promise<number>;
  /** Takes deliveries that are due; nobody else gets them before the lease is over. */
  claim(sinks: readonly string[], limit: number, leaseSeconds: number): Promise<LeasedDelivery[]>;
  /** False where somebody else has it by now. What has failed for `giveUpSeconds` is given up. */
  settle(delivery: LeasedDelivery, result: DeliveryResult, giveUpSeconds: number): Promise<boolean>;
  /** A sink that was switched off is told again; true where it was off. */
  enable(sink: string): Promise<boolean>;
}
