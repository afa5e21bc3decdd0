import type { ColumnSnapshot, SchemaSnapshot } from "../../schema/snapshot.ts";
import type { CoercionColumn } from "../coercion/coercion.ts";

/** A column of the snapshot as the coercions want it: with its labels where it is an enum, or a list of one. */
export function coercionColumnOf(column: ColumnSnapshot, { enums }: SchemaSnapshot): CoercionColumn {
  const { type, typeOid, isNullable } = column;
  // A list's own type is not the enum's: there only its printed name tells, with or without the schema.
  const member = type.endsWith("[]") ? type.slice(0, -2).replaceAll('"', "") : undefined;
  const found = enums.find(({ oid, schema, name }) =>
    oid === typeOid || name === member || `${schema}.${name}` === member
  );
  return {
    type,
    isNullable,
    ...found === undefined ? {} : { enumLabels: found.labels.map(({ label }) => label) },
    ...found?.formerLabels === undefined ? {} : { formerLabels: found.formerLabels },
  };
}
