import { type CommonSecretKind, secretPatterns } from "../../telemetry/secretPatterns.ts";

/** Kinds of texts that do not leave. */
export type SecretKind = CommonSecretKind | "card" | "secret";

/** Where a secret stands in a text. */
export interface SecretSpan {
  readonly kind: SecretKind;
  readonly start: number;
  readonly end: number;
}

// Four of the big issuers' first digits; a time in milliseconds begins with a 1.
const card = /(?<!\d)[2-6](?:[ -]?\d){12,18}(?!\d)/g;

/** A value that its own name gives away, in a URL, in JSON or in prose. */
const named =
  /(?<before>\b(?:password|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?token|auth[_-]?token|client[_-]?secret)["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"',;&<>]{4,200}/gi;

/** Finds keys, tokens, credentials, cards and e-mail addresses. Each pattern's parts are bounded. */
export function secretSpans(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const { kind, pattern } of secretPatterns) collect(spans, text, kind, pattern);
  collect(spans, text, "secret", named);
  for (const span of collect([], text, "card", card)) {
    if (isCardNumber(text.slice(span.start, span.end))) spans.push(span);
  }
  return spans;
}

function collect(spans: SecretSpan[], text: string, kind: SecretKind, pattern: RegExp): SecretSpan[] {
  for (const match of text.matchAll(pattern)) {
    const start = match.index + (match.groups?.before?.length ?? 0);
    spans.push({ kind, start, end: match.index + match[0].length });
  }
  return spans;
}

/** The check digit that card numbers have (Luhn). */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighed = index % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
