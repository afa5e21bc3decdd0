import type { RefusalReason } from "./coercion.ts";
import { isPlainObject } from "./sameValue.ts";

/** Deeper than anything a person writes, and far from the end of anybody's stack. */
const mostLevels = 200;

/**
 * Why a value would not come back from JSON as it is, or undefined when it would. Left to itself `JSON.stringify` drops
 * undefined members, writes NaN as null, -0 as 0 and a date as a text.
 */
export function findJsonLoss(value: unknown, levels = 0): RefusalReason | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? undefined : "not_json";
    case "object":
      break;
    default:
      return "not_json";
  }
  if (value === null) return undefined;
  if (levels === mostLevels) return "not_json";
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const loss = at in value ? findJsonLoss(value[at], levels + 1) : "not_json";
      if (loss !== undefined) return loss;
    }
    return Object.keys(value).length === value.length ? undefined : "not_json";
  }
  if (!isPlainObject(value) || Object.getOwnPropertySymbols(value).length > 0) return "not_json";
  // A null prototype is lost on the way back, a function called toJSON is no data, and "__proto__" breaks assignments.
  if (Object.getPrototypeOf(value) === null || Object.hasOwn(value, "__proto__")) return "not_json";
  for (const key of Object.keys(value)) {
    const loss = findJsonLoss(value[key], levels + 1);
    if (loss !== undefined) return loss;
  }
  return undefined;
}

/** What jsonb cannot hold in its texts, keys included. */
export function findJsonTextLoss(json: string): RefusalReason | undefined {
  // JSON.stringify escapes both, always in lower case; an escaped backslash before them makes them harmless.
  for (const [, digits] of json.matchAll(/\\(?:u([0-9a-f]{4})|.)/g)) {
    if (digits === "0000") return "nul_character";
    if (digits?.startsWith("d")) return "lone_surrogate";
  }
  return undefined;
}
