import { secretPatterns } from "./secretPatterns.ts";

const secretNames =
  /pass(word|wd|phrase)?$|secret|token$|authorization|api_?key|cookie|credential|private_?key|^(jwt|otp|pin)$/i;

const longestText = 20_000;

/** The text without keys, tokens, passwords and email addresses. */
export function redactText(text: string): string {
  let redacted = text.length <= longestText ? text : `${text.slice(0, longestText)}... (${text.length} characters)`;
  for (const { pattern, label } of secretPatterns) {
    redacted = redacted.replace(pattern, (...match: unknown[]) => {
      const groups = match.at(-1) as { before?: string } | string; // Its last argument only where there are any.
      return typeof groups === "object" ? `${groups.before ?? ""}${label}` : label;
    });
  }
  return redacted;
}

/** Is a field of this name kept out of the log whatever it holds? */
export function isSecretName(name: string): boolean {
  return secretNames.test(name);
}
