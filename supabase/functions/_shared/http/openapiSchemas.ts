import * as z from "zod";

/** A JSON Schema as it stands in the document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schemas under `components`: each gets a name there, so that what refers to itself can. */
export class OpenapiSchemas {
  readonly components: Record<string, JsonSchema> = {};

  /** Adds a zod schema under `name`, its definitions under names of their own, and gives the reference to it. */
  add(name: string, schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const { $schema: _, $defs = {}, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
    for (const [definition, inner] of Object.entries($defs)) {
      this.components[`${name}_${definition}`] = relocate(inner, name) as JsonSchema;
    }
    this.components[name] = relocate(json, name) as JsonSchema;
    return { $ref: `#/components/schemas/${name}` };
  }
}

/** References within a schema of its own become references within the document. */
function relocate(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => relocate(item, name));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    if (key !== "$ref" || typeof inner !== "string") return [key, relocate(inner, name)];
    if (inner === "#") return [key, `#/components/schemas/${name}`];
    return [key, inner.replace(/^#\/\$defs\//, `#/components/schemas/${name}_`)];
  });
  return Object.fromEntries(entries);
}
