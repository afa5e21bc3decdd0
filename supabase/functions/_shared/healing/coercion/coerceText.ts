import { type Coercer, type Coercion, fit, type RefusalReason, refuse } from "./coercion.ts";
import type { ColumnType } from "./columnType.ts";
import type { Inverse } from "./inverse.ts";
import { isImpreciseNumber } from "./numeral.ts";
import { findJsonLoss } from "./plainJson.ts";

/** `name` is cut at 63 bytes without a word. */
const mostBytesOfName = 63;

/** Texts that the type keeps to the last character, and the texts of scalars and of plain JSON. */
export const coerceText: Coercer = (value, type) => {
  switch (typeof value) {
    case "string":
      return keep(value, type, "unchanged", { from: "string" });
    case "boolean":
      return keep(String(value), type, "text_from_scalar", { from: "boolean", isTrue: value });
    case "bigint":
      return keep(String(value), type, "text_from_scalar", { from: "bigint" });
    case "number":
      if (!Number.isFinite(value)) return refuse("not_a_number");
      if (isImpreciseNumber(value)) return refuse("imprecise_number");
      return keep(Object.is(value, -0) ? "-0" : String(value), type, "text_from_scalar", { from: "number" });
  }
  if (value instanceof Date) {
    const ms = value.getTime();
    if (Number.isNaN(ms)) return refuse("unsupported_value");
    return keep(value.toISOString(), type, "text_from_scalar", { from: "date", ms });
  }
  const loss = findJsonLoss(value);
  if (loss !== undefined) return refuse(loss);
  return keep(JSON.stringify(value), type, "text_from_json", { from: "jsonText" });
};

function keep(
  text: string,
  type: ColumnType,
  strategy: "unchanged" | "text_from_scalar" | "text_from_json",
  inverse: Inverse,
): Coercion {
  const loss = findTextLoss(text, type);
  if (loss !== undefined) return refuse(loss);
  // Fixed length comes back padded with blanks.
  if (type.name === "character" && inverse.from === "string") return fit(text, strategy, { from: "string", text });
  return fit(text, strategy, inverse);
}

function findTextLoss(text: string, { name, modifiers }: ColumnType): RefusalReason | undefined {
  if (text.includes("\0")) return "nul_character";
  if (/\p{Surrogate}/u.test(text)) return "lone_surrogate";
  if (name === "character" && text.endsWith(" ")) return "trailing_blanks_would_be_lost";
  if (name === "name") return new TextEncoder().encode(text).length > mostBytesOfName ? "too_long" : undefined;
  const [most] = modifiers;
  return most !== undefined && text.length > most && [...text].length > most ? "too_long" : undefined;
}
