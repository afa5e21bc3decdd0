const codePattern = /^[A-Za-z0-9_.-]{1,64}$/;

/** A short code for a failure: its `code` (SQLSTATE, an AppError's, a system call's) where it has one, else its name. */
export function errorCodeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  const { code, name } = error as { code?: unknown; name?: unknown };
  for (const candidate of [code, name]) {
    if (typeof candidate === "string" && codePattern.test(candidate)) return candidate;
  }
  return "unknown";
}
