import { exactJson } from "./exactJson.ts";
import { readJsonMembers } from "./readJsonMembers.ts";
import { fingerprintOf, type PayloadShape } from "./payloadShape.ts";

/** What is known of a payload. */
export interface KeptPayload {
  /** The row's columns as the database gives them back. */
  readonly landed: Readonly<Record<string, unknown>>;
  readonly shape: PayloadShape;
  /** The rescued fields as they were kept. @default "{}" */
  readonly rescuedText?: string;
}

/** A payload rebuilt. */
export interface ReconstructedPayload {
  /** Its JSON text. */
  readonly text: string;
  /** Is it the text that was sent, to the letter? False once somebody has updated a column that it landed in. */
  readonly isExact: boolean;
}

/**
 * Rebuilds a payload, its keys in the order they were sent in.
 *
 * @example
 * ```ts
 * reconstructPayload({
 *   landed: { email: "a@b" },
 *   shape: { parts: [{ key: "hue", isRescued: true }, { key: "mail", column: "email" }], fingerprint },
 *   rescuedText: '{"hue":1.50}',
 * }).text; // {"hue":1.50,"mail":"a@b"}
 * ```
 */
export function reconstructPayload(kept: KeptPayload): ReconstructedPayload {
  const { landed, shape, rescuedText = "{}" } = kept;
  const rescued = new Map(readJsonMembers(rescuedText));
  const members = shape.parts.map((part) => {
    const text = "isRescued" in part
      ? rescued.get(part.key)
      : "note" in part
      ? part.note
      : Object.hasOwn(landed, part.column)
      ? exactJson(landed[part.column])
      : undefined;
    if (text === undefined) {
      throw new Error(
        `Cannot rebuild the payload as ${"isRescued" in part ? "the rescued fields lack" : "the row lacks"} ` +
          `"${"isRescued" in part ? part.key : part.column}"`,
      );
    }
    return `${JSON.stringify(part.key)}:${text}`;
  });
  const text = `{${members.join(",")}}`;
  return { text, isExact: fingerprintOf(text) === shape.fingerprint };
}
