/** How bad it is, from least to worst. */
export const alertSeverities = ["info", "warning", "error", "critical"] as const;

/** See {@linkcode alertSeverities}. */
export type AlertSeverity = (typeof alertSeverities)[number];

/** `acknowledged`: a person knows, and nobody is reminded. */
export const alertStates = ["open", "acknowledged", "resolved"] as const;

/** See {@linkcode alertStates}. */
export type AlertState = (typeof alertStates)[number];

/** What is told of an alert; `test` is of none. */
export const noticeKinds = ["raised", "escalated", "reminder", "resolved", "test"] as const;

/** See {@linkcode noticeKinds}. */
export type NoticeKind = (typeof noticeKinds)[number];

/** One episode of something that is wrong. Moments are ISO 8601. */
export interface Alert {
  readonly id: string;
  /** What is wrong, and with what: `circuit_open:lovable-ai`. */
  readonly key: string;
  /** Counts the times that the key was raised anew. */
  readonly episode: number;
  readonly severity: AlertSeverity;
  readonly title: string;
  /** Numbers, names and codes; never a value of a payload. */
  readonly detail: Readonly<Record<string, unknown>>;
  /** What it is about, as `kind:id`: `circuit:<name>:<epoch>`, `job:<name>`, ... */
  readonly ref: string | null;
  readonly state: AlertState;
  /** It came and went so often that it was told only because it stayed. */
  readonly isFlapping: boolean;
  readonly occurrences: number;
  readonly firstRaisedAt: string;
  readonly lastRaisedAt: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedAt: string | null;
  /** Who has resolved it; `quiet` where it was not raised again. */
  readonly resolvedBy: string | null;
  readonly note: string | null;
}

/** Something that a sink is to tell. */
export interface AlertNotice {
  /** The same however often it is sent: receivers tell repetitions by it. */
  readonly id: string;
  readonly kind: NoticeKind;
  /** When it was written, ISO 8601. */
  readonly at: string;
  /** As it was then. */
  readonly alert: Alert;
}
