import { longestPlaceholder, type Redaction } from "./redaction.ts";
import type { SecretKind } from "./secretSpans.ts";

/** Shows what was hidden in a text that comes in pieces: a placeholder may come in two. */
export class StreamedRestorer {
  readonly #redaction: Redaction;
  readonly #kinds: readonly SecretKind[];
  #held = "";

  constructor(redaction: Redaction, kinds: readonly SecretKind[]) {
    this.#redaction = redaction;
    this.#kinds = kinds;
  }

  /** What can be shown by now; what may be the beginning of a placeholder is held back. */
  take(piece: string): string {
    const text = this.#held + piece;
    const open = text.lastIndexOf("[");
    const isHeld = open >= 0 && text.length - open < longestPlaceholder && /^\[[A-Z]*_?\d*$/.test(text.slice(open));
    this.#held = isHeld ? text.slice(open) : "";
    return this.#redaction.show(isHeld ? text.slice(0, open) : text, this.#kinds);
  }

  /** The rest. */
  end(): string {
    const rest = this.#held;
    this.#held = "";
    return this.#redaction.show(rest, this.#kinds);
  }
}
