/** Nobody can tell whether the transaction has landed. Under a key it is safe to send it again; without one it is not. */
export class OutcomeUnknownError extends Error {
  readonly code = "OUTCOME_UNKNOWN";
  /** The transaction's id, for whoever looks into it; undefined where it is not known. */
  readonly xid: string | undefined;

  constructor(why: string, options: { xid?: string | undefined; cause?: unknown } = {}) {
    super(`Cannot tell whether the transaction has landed as ${why}`, { cause: options.cause });
    this.name = "OutcomeUnknownError";
    this.xid = options.xid;
  }
}
