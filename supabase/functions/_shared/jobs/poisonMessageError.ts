/** Thrown by a handler for a message that no repetition can help: it goes to the dead letters at once. */
export class PoisonMessageError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "PoisonMessageError";
  }
}
