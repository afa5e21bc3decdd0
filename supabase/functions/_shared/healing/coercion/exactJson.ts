import { type Refusal, refuse } from "./coercion.ts";
import { isSameDecimal, readDecimal } from "./decimal.ts";
import { findJsonLoss } from "./plainJson.ts";

const token = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Parses JSON text where nothing is lost by it: no number loses a digit and no key stands twice. */
export function parseExactJson(text: string): { readonly ok: true; readonly value: unknown } | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("not_json");
  }
  let keys = 0;
  for (const [found, colon] of text.matchAll(token)) {
    if (colon !== undefined) keys++;
    if (!found.startsWith('"') && !isExactNumber(found)) return refuse("imprecise_number");
  }
  const loss = findJsonLoss(value); // Bounds the depth, too.
  if (loss !== undefined) return refuse(loss);
  return keys === countKeys(value) ? { ok: true, value } : refuse("duplicate_keys");
}

function isExactNumber(text: string): boolean {
  const sent = readDecimal(text);
  const parsed = readDecimal(String(Number(text)));
  return sent !== undefined && parsed !== undefined && isSameDecimal(sent, parsed);
}

function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const members = Object.values(value);
  return members.reduce<number>((sum, member) => sum + countKeys(member), Array.isArray(value) ? 0 : members.length);
}
