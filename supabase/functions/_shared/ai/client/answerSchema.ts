import * as z from "zod";
import type { JsonSchema } from "../provider/aiProvider.ts";

/** What providers do not check, and some refuse: zod checks it when the answer is there. */
const unchecked = new Set([
  ...["$schema", "default", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum"],
  ...["exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "propertyNames"],
]);

/** The JSON Schema that a model is held to: objects closed, every property required. */
export function toAnswerSchema(schema: z.ZodType): JsonSchema {
  return strict(z.toJSONSchema(schema, { io: "input" }), "") as JsonSchema;
}

function strict(node: unknown, path: string): unknown {
  if (Array.isArray(node)) return node.map((one, index) => strict(one, `${path}/${index}`));
  if (typeof node !== "object" || node === null) return node;
  const { type, properties, required = [] } = node as { type?: unknown; properties?: object; required?: string[] };
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(node)) {
    // Names of properties are the caller's: one may be called `format`.
    if (name === "properties") {
      kept[name] = Object.fromEntries(
        Object.entries(value).map(([one, inner]) => [one, strict(inner, `${path}/${one}`)]),
      );
    } else if (!unchecked.has(name)) {
      kept[name] = name === "enum" || name === "const" || name === "required" ? value : strict(value, path);
    }
  }
  if (type !== "object") return kept;
  const optional = Object.keys(properties ?? {}).find((name) => !required.includes(name));
  if (optional !== undefined) {
    throw new RangeError(
      `Cannot ask for an answer of the schema as '${path}/${optional}' is optional: make it nullable`,
    );
  }
  return { ...kept, properties: kept.properties ?? {}, required, additionalProperties: false };
}
