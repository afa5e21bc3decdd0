import { type SecretKind, secretSpans } from "./secretSpans.ts";

/** Kinds of what is hidden: secrets, and texts that look like our own placeholders. */
type HiddenKind = SecretKind | "text";

const placeholders = /\[(EMAIL|KEY|TOKEN|CREDENTIALS|CARD|SECRET|TEXT)_(\d{1,6})\]/g;

/** Longer than any placeholder. */
export const longestPlaceholder = 24;

/**
 * Hides secrets and addresses in what leaves, and finds them again in what comes back. What was hidden is known to this object
 * alone and goes with it. The same secret has the same placeholder throughout, so that a model can still tell two apart.
 *
 * @example
 * ```ts
 * const redaction = new Redaction();
 * redaction.hide("Write to ann@example.org"); // "Write to [EMAIL_1]"
 * redaction.show("Done: [EMAIL_1]", ["email"]); // "Done: ann@example.org"
 * ```
 */
export class Redaction {
  readonly #hidden = new Map<string, { readonly kind: HiddenKind; readonly text: string }>();
  readonly #placeholderOf = new Map<string, string>();
  readonly #counts = new Map<HiddenKind, number>();

  /** The text with placeholders instead of its secrets. */
  hide(text: string): string {
    const own = [...text.matchAll(placeholders)].map((match) => ({
      kind: "text" as const,
      start: match.index,
      end: match.index + match[0].length,
    }));
    let hidden = "";
    let at = 0;
    for (const { kind, start, end } of joinSpans([...secretSpans(text), ...own])) {
      hidden += text.slice(at, start) + this.#placeholder(kind, text.slice(start, end));
      at = end;
    }
    return hidden + text.slice(at);
  }

  /** All texts in a JSON value with placeholders instead of their secrets, names of fields included. */
  hideIn(value: unknown): unknown {
    if (typeof value === "string") return this.hide(value);
    if (Array.isArray(value)) return value.map((one) => this.hideIn(one));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [this.hide(name), this.hideIn(one)]));
  }

  /** The text with what was hidden back in its place, for the kinds that are named; the others stay hidden. */
  show(text: string, kinds: readonly SecretKind[]): string {
    return text.replace(placeholders, (placeholder) => {
      const hidden = this.#hidden.get(placeholder);
      if (hidden === undefined) return placeholder;
      return hidden.kind === "text" || kinds.includes(hidden.kind) ? hidden.text : placeholder;
    });
  }

  /** The same for all texts in a JSON value. */
  showIn(value: unknown, kinds: readonly SecretKind[]): unknown {
    if (typeof value === "string") return this.show(value, kinds);
    if (Array.isArray(value)) return value.map((one) => this.showIn(one, kinds));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.showIn(one, kinds)]));
  }

  #placeholder(kind: HiddenKind, text: string): string {
    const known = this.#placeholderOf.get(`${kind} ${text}`);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    const placeholder = `[${kind.toUpperCase()}_${count}]`;
    this.#counts.set(kind, count);
    this.#placeholderOf.set(`${kind} ${text}`, placeholder);
    this.#hidden.set(placeholder, { kind, text });
    return placeholder;
  }
}

interface Span {
  readonly kind: HiddenKind;
  readonly start: number;
  readonly end: number;
}

/** Spans in order, those that overlap as one: half of a secret is a secret, too. */
function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of [...spans].sort((one, other) => one.start - other.start || other.end - one.end)) {
    const last = joined.at(-1);
    if (last === undefined || span.start >= last.end) joined.push(span);
    else if (span.end > last.end) joined[joined.length - 1] = { ...last, end: span.end };
  }
  return joined;
}
