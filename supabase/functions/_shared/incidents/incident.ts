/** One line of the tree: facts of one kind, subject and cause, and what came of them. */
export interface CauseNode {
  readonly kind: string;
  readonly subject: string;
  /** How often it happened. */
  readonly count: number;
  /** In how many requests, as far as that was told. */
  readonly requests: number;
  readonly from: string;
  readonly to: string;
  readonly costMs: number;
  /** By which rule it was put under the line above, and how sure that is. */
  readonly rule?: string;
  readonly confidence?: number;
  /** The facts' details, of those that are short and few. */
  readonly detail: string;
  readonly effects: readonly CauseNode[];
  /** What else came of it that there was no room for, counted. */
  readonly more?: number;
}

/** Something that ended trouble, or kept it from whoever called. */
export interface Remedy {
  readonly by: "heal" | "recovery" | "override" | "retry" | "fallback" | "replay" | "tune" | "containment";
  readonly subject: string;
  readonly count: number;
  readonly at: string;
  /** From the incident's begin to the first time that it helped. */
  readonly tookMs: number;
  readonly detail: string;
}

/** Something that is still to be seen to. */
export interface OpenEnd {
  readonly what: "dead_letters" | "rescued_fields" | "circuit" | "isolate";
  readonly subject: string;
  readonly count: number;
}

/** What an incident cost. */
export interface IncidentCost {
  readonly waitedMs: number;
  readonly failures: number;
  readonly deadLetters: number;
  readonly rescuedFields: number;
  readonly sheds: number;
  readonly fallbacks: number;
  readonly retries: number;
  readonly heals: number;
  readonly aiCalls: number;
  readonly aiTokens: number;
  readonly aiMicroUsd: number;
}

/** What an incident began with. */
export interface RootCause {
  /** `unknown` where there is no evidence. */
  readonly kind: string;
  readonly subject: string;
  readonly evidence: string;
  /** How sure the least sure step between it and most of its effects is. */
  readonly confidence: number;
}

/** One incident: a cause, and all that came of it. */
export interface Incident {
  readonly headline: string;
  readonly cause: RootCause;
  readonly from: string;
  readonly to: string;
  readonly isOpen: boolean;
  readonly touched: {
    readonly functions: readonly string[];
    readonly subjects: readonly string[];
    readonly circuits: readonly string[];
    readonly isolates: number;
    readonly requests: number;
    readonly exampleRequests: readonly string[];
  };
  readonly healedBy: readonly Remedy[];
  readonly stillOpen: readonly OpenEnd[];
  readonly cost: IncidentCost;
  /** By which incidents are ranked: what a person would mind most counts most. */
  readonly harm: number;
  readonly tree: CauseNode;
}

/** The answer to "what broke, and what healed it?". */
export interface IncidentReport {
  readonly from: string;
  readonly to: string;
  readonly requestId?: string;
  /** The worst first. */
  readonly incidents: readonly Incident[];
  readonly remainder: {
    /** What happened and hurt nobody, such as a change of the schema that every write agreed with. */
    readonly quiet: number;
    /** Told by an isolate and kept by a ledger: counted once, above. */
    readonly echoes: number;
    /** Of incidents that there was no room for. */
    readonly beyond: number;
    /** Never read, as there was too much. */
    readonly unread: number;
  };
}
