import { canonicalDecimal, canonicalText, spacedJson, stableJson } from "./canonicalText.ts";

/**
 * The canonical texts one of which a column of the type holds where nothing of the value is lost. For plain values in the
 * form that the type is usually sent in; whoever sends another form says himself what it stands for.
 */
export function heldTexts(type: string, value: unknown): string[] {
  if (value === null) return [];
  if (type === "jsonb") {
    const texts = [stableJson(value)];
    if (typeof value === "string" && /^[[{]/.test(value)) texts.push(stableJson(JSON.parse(value)));
    return texts;
  }
  if (type.endsWith("[]")) return [stableJson(value)];
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  // PostgREST may read a row as jsonb, which writes its objects with spaces.
  if (typeof value === "object" && type === "text") return [text, spacedJson(value)];
  if (/^(?:text|varchar|enum)/.test(type)) return [text];
  return [typeof value === "number" ? canonicalDecimal(text) : canonicalText(type, text)];
}
