import { type Coercer, fit, refuse } from "./coercion.ts";

const words: ReadonlyMap<string, boolean> = new Map([
  ...["true", "t", "yes", "y", "on", "1"].map((word) => [word, true] as const),
  ...["false", "f", "no", "n", "off", "0"].map((word) => [word, false] as const),
]);

/** The words that Postgres itself reads as booleans, and the numbers one and zero. */
export const coerceBoolean: Coercer = (value) => {
  switch (typeof value) {
    case "boolean":
      return fit(value, "unchanged", { from: "boolean", isTrue: value });
    case "string": {
      const isTrue = words.get(value.trim().toLowerCase());
      return isTrue === undefined
        ? refuse("not_a_boolean")
        : fit(isTrue, "boolean_from_word", { from: "string", text: value });
    }
    case "number":
    case "bigint": {
      const text = Object.is(value, -0) ? "-0" : String(value);
      const isTrue = words.get(String(value));
      return isTrue === undefined
        ? refuse("not_a_boolean")
        : fit(isTrue, "boolean_from_number", { from: typeof value as "number" | "bigint", text });
    }
    default:
      return refuse("unsupported_value");
  }
};
