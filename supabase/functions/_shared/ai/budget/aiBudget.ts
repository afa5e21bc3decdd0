import type { TokenUsage } from "../provider/tokenUsage.ts";

/** What may be spent on a day, which is UTC's; `undefined` is no limit. */
export interface AiLimits {
  /** Tokens of one caller. @default 500_000 */
  readonly callerTokens?: number | undefined;
  /** What one caller may spend, in millionths of a dollar. @default 500_000 */
  readonly callerMicroUsd?: number | undefined;
  /** What all callers together may spend, in millionths of a dollar. @default 20_000_000 */
  readonly projectMicroUsd?: number | undefined;
}

/** A call that is about to be made, and the most that it can come to. */
export interface AiReservation {
  readonly id: string;
  /** Whose budget it is. */
  readonly caller: string;
  readonly promptName: string;
  readonly promptVersion: number;
  readonly provider: string;
  readonly model: string;
  readonly tokens: number;
  readonly microUsd: number;
}

/** May the call be made? */
export type AiGrant =
  | { readonly isGranted: true }
  | { readonly isGranted: false; readonly refusedBy: "caller" | "project"; readonly retryAfterMs: number };

/** What a call came to. */
export interface AiSettlement {
  readonly outcome: "answered" | "failed" | "cut";
  readonly usage: TokenUsage;
  readonly microUsd: number;
  /** Nobody told; it is the most that it can have been. */
  readonly isEstimated: boolean;
}

/** What is spent on models, by caller and day, for the whole fleet. */
export interface AiBudget {
  /** Sets aside what the call can cost at most; what is set aside and never settled counts until it expires. */
  reserve(reservation: AiReservation): Promise<AiGrant>;
  /** Books what it did cost, and frees the rest. */
  settle(id: string, settlement: AiSettlement): Promise<void>;
}
