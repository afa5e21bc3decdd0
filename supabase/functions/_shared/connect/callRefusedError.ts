/** Thrown where a call cannot be turned into a statement; the connectors give it back as a failure. */
export class CallRefusedError extends Error {
  constructor(readonly code: "42602" | "INVALID_CALL", message: string) {
    super(message);
    this.name = "CallRefusedError";
  }
}
