/** What can happen that somebody may ask for later. */
export const kernelEventKinds = [
  /** A circuit opened, or opened wider: calls are kept away. */
  "trip",
  /** A circuit is closed again. */
  "recovery",
  /** A call was turned away by a circuit, a bulkhead, a rate limit or a deadline. */
  "shed",
  /** A call or a transaction was made again. */
  "retry",
  /** A call was answered by its fallback. */
  "fallback",
  /** A write landed otherwise than it was sent. */
  "heal",
  /** Fields that no column took were set aside. */
  "rescue",
  /** A write was given up and kept. */
  "dead_letter",
  /** The schema was found to be another one. */
  "schema_change",
  /** What a cache held was dropped before its time. */
  "invalidation",
  /** A knob was turned, or turned back. */
  "tune",
  /** A request was answered with an error of ours. */
  "failure",
] as const;

/** See {@linkcode kernelEventKinds}. */
export type KernelEventKind = (typeof kernelEventKinds)[number];

/**
 * What an event can be blamed on, as `kind:id`: `circuit:<name>:<epoch>`, `schema:<version>`, `sqlstate:<code>`,
 * `error:<code>`, `heal:<id>`, `request:<id>`, `isolate:<id>`, `trial:<id>`, `tag:<name>`.
 */
export type CauseRef = `${
  | "circuit"
  | "schema"
  | "sqlstate"
  | "error"
  | "heal"
  | "request"
  | "isolate"
  | "trial"
  | "tag"}:${string}`;

/** Something that happened in the kernel. Without any value of a payload. */
export interface KernelEvent {
  readonly kind: KernelEventKind;
  /** What it happened to: a circuit's name, `schema.table`, a policy's name, a cache's, a knob's. */
  readonly subject: string;
  /** Under which reference others may name this as their cause. @default none does */
  readonly ref?: CauseRef;
  /** What it is blamed on, as far as the teller knows. @default the request it happened in */
  readonly cause?: CauseRef;
  /** The time that it cost whoever waited. */
  readonly costMs?: number;
  /** The error itself, for those who report it elsewhere with its stack: it is written down nowhere. */
  readonly error?: unknown;
  /** What else is worth knowing: short plain values. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}
