import type * as z from "zod";

type Definition = z.core.$ZodTypeDef & {
  shape?: Record<string, z.core.$ZodType>;
  catchall?: z.core.$ZodType;
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  element?: z.core.$ZodType;
  options?: readonly z.core.$ZodType[];
  items?: readonly z.core.$ZodType[];
  rest?: z.core.$ZodType | null;
  keyType?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  left?: z.core.$ZodType;
  right?: z.core.$ZodType;
  getter?: () => z.core.$ZodType;
};

/**
 * Where `schema` would let an unknown field pass or drop it silently: the path of the first object that is not strict;
 * `undefined` where there is none. A misspelt optional field that is dropped looks to its sender like a success.
 */
export function findLooseObject(schema: z.core.$ZodType, path = "", seen = new Set<unknown>()): string | undefined {
  if (seen.has(schema)) return undefined;
  seen.add(schema);
  const definition = schema._zod.def as Definition;
  if (definition.type === "object") {
    if (definition.catchall?._zod.def.type !== "never") return path === "" ? "(the input itself)" : path;
    return firstOf(
      Object.entries(definition.shape ?? {}),
      (name, part) => findLooseObject(part, join(path, name), seen),
    );
  }
  return firstOf(partsOf(definition), (name, part) => findLooseObject(part, join(path, name), seen));
}

function partsOf(definition: Definition): [string, z.core.$ZodType][] {
  const { innerType, element, valueType, left, right, rest } = definition;
  const parts: [string, z.core.$ZodType | null | undefined][] = [
    ["", innerType],
    ["", definition.in],
    ["[]", element],
    ["*", valueType],
    ["", left],
    ["", right],
    ["[]", rest],
    ["", definition.getter?.()],
    ...(definition.options ?? []).map((option): [string, z.core.$ZodType] => ["", option]),
    ...(definition.items ?? []).map((item, index): [string, z.core.$ZodType] => [String(index), item]),
  ];
  return parts.filter((part): part is [string, z.core.$ZodType] => part[1]?._zod !== undefined);
}

function firstOf(
  parts: [string, z.core.$ZodType][],
  find: (name: string, part: z.core.$ZodType) => string | undefined,
): string | undefined {
  for (const [name, part] of parts) {
    const found = find(name, part);
    if (found !== undefined) return found;
  }
  return undefined;
}

function join(path: string, name: string): string {
  if (name === "") return path;
  return path === "" ? name : `${path}.${name}`;
}
