import type { TableRef } from "../../connect/connector.ts";
import type { SchemaSnapshot } from "../../schema/snapshot.ts";

const reference = /\) REFERENCES (?:ONLY )?(?:("(?:[^"]|"")+"|[^\s".(]+)\.)?("(?:[^"]|"")+"|[^\s".(]+)\(/;

/**
 * The table that a foreign key refers to, read from its definition as the catalog prints it. A name without a schema is
 * one on the reader's search path: the child's own schema, then `public`, then the only one that has such a table.
 */
export function referencedTable(definition: string, childSchema: string, snapshot: SchemaSnapshot): TableRef | null {
  const found = reference.exec(definition);
  if (found === null) return null;
  const [schema, name] = [found[1], found[2]].map((text) => text === undefined ? undefined : plain(text));
  if (name === undefined) return null;
  if (schema !== undefined) return { schema, name };
  const schemas = snapshot.tables.filter((table) => table.name === name).map((table) => table.schema);
  const likely = [childSchema, "public"].find((each) => schemas.includes(each)) ??
    (schemas.length === 1 ? schemas[0] : undefined);
  return likely === undefined ? null : { schema: likely, name };
}

const plain = (text: string) => text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
