const maxLength = 4_000;

/**
 * An error with its chain of causes as text for the operator's log; never for a caller. Cut at 4,000 characters, as the
 * hosted runtime cuts a log line at 10,000 and one line may carry two of them.
 */
export function errorText(error: unknown): string {
  const parts: string[] = [];
  const seen = new Set<unknown>();
  for (let current = error; current !== undefined && !seen.has(current);) {
    seen.add(current);
    if (!(current instanceof Error)) {
      parts.push(textOf(current));
      break;
    }
    const code = (current as { code?: unknown }).code;
    const stack = current.stack ?? `${current.name}: ${current.message}`;
    parts.push(typeof code === "string" ? `[${code}] ${stack}` : stack);
    current = current.cause;
  }
  const text = parts.join("\ncaused by: ");
  return text.length > maxLength ? `${text.slice(0, maxLength)}...` : text;
}

/** Anything can be thrown, also what has no text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}
