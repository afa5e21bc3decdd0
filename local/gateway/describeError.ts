/** An error in one line, for the developer in front of it. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The first frames of an error: the gateway is on the developer's own machine, and this is what they look for. */
export function shortStack(error: unknown, frames = 5): string[] {
  if (!(error instanceof Error)) return [];
  return (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at ")).slice(0, frames)
    .map((line) => line.trim());
}
