/** Why an operator's call was not done; nothing has changed then. */
export type RefusalCode =
  | "NO_LEDGER"
  | "NOT_FOUND"
  | "INVALID_CALL"
  | "UNDONE_ALREADY"
  | "NOTHING_TO_UNDO"
  | "CANNOT_UNDO"
  | "PATTERN_EXPIRED"
  | "PATTERN_CHANGED";

/** Ends an operator's call, and its transaction. */
export class OperatorRefusal extends Error {
  constructor(readonly code: RefusalCode, message: string) {
    super(message);
    this.name = "OperatorRefusal";
  }
}

/** Can the text be an id of the ledger? */
export function isId(text: unknown): text is string {
  return typeof text === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
