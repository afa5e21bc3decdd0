import { type Coercer, fit, refuse } from "./coercion.ts";
import { parseExactJson } from "./exactJson.ts";
import { findJsonLoss, findJsonTextLoss } from "./plainJson.ts";

/** Plain JSON as it is; the text of a JSON object or list becomes that; any other text stays a JSON text. */
export const coerceJson: Coercer = (value) => {
  if (typeof value === "bigint") {
    const isSafe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
    return isSafe ? fit(Number(value), "json_from_scalar", { from: "bigint" }) : refuse("out_of_range");
  }
  if (Object.is(value, -0)) return fit(0, "json_from_scalar", { from: "number", text: "-0" });
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return refuse("unsupported_value");
    return fit(value.toISOString(), "json_from_scalar", { from: "date", ms: value.getTime() });
  }
  if (typeof value === "string" && /^\s*[[{]/.test(value)) {
    const parsed = parseExactJson(value);
    if (parsed.ok) {
      const loss = findJsonTextLoss(JSON.stringify(parsed.value));
      return loss === undefined ? fit(parsed.value, "json_from_text", { from: "string", text: value }) : refuse(loss);
    }
    if (parsed.reason !== "not_json") return parsed;
  }
  const loss = findJsonLoss(value) ?? findJsonTextLoss(JSON.stringify(value));
  return loss === undefined ? fit(value, "unchanged", { from: "same" }) : refuse(loss);
};
