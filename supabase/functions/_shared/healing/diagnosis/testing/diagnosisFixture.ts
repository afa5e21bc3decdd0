import type { Row, TableRef } from "../../../connect/connector.ts";
import type { DbFailure } from "../../../connect/dbFailure.ts";
import { classifySqlState } from "../../../db/sqlState.ts";
import type { ColumnSnapshot, ConstraintSnapshot, SchemaSnapshot, TableSnapshot } from "../../../schema/snapshot.ts";
import type { DiagnosisContext } from "../diagnosisContext.ts";

/** The table that most tests write to. */
export const orders: TableRef = { schema: "public", name: "orders" };

/** A failure as a connector gives it, made of its code. */
export function failureOf(code: string, fields: Partial<DbFailure> = {}): DbFailure {
  const kind = classifySqlState(code);
  return {
    code,
    kind,
    message: "not read",
    isOutcomeUnknown: kind === "connection_lost",
    cause: undefined,
    ...fields,
  };
}

/** A column of a given type; nullable, without a default, unless stated. */
export function columnOf(name: string, type: string, attnum: number, fields: Partial<ColumnSnapshot> = {}) {
  const defaults = { typeOid: 0, typeModifier: -1, isNullable: true, defaultExpression: null };
  return { attnum, name, type, ...defaults, isGenerated: false, isIdentity: false, ...fields };
}

/** A constraint of a table's columns. */
export function constraintOf(
  name: string,
  kind: ConstraintSnapshot["kind"],
  attnums: readonly number[],
  definition = "",
): ConstraintSnapshot {
  return { oid: 1, name, kind, definition, attnums };
}

function tableOf(oid: number, name: string, fields: Partial<TableSnapshot>): TableSnapshot {
  return { oid, schema: "public", name, columns: [], constraints: [], indexes: [], ...fields };
}

/** Orders of customers, with a column for each way to be wrong. */
export const snapshot: SchemaSnapshot = {
  tables: [
    tableOf(1, "orders", {
      columns: [
        columnOf("id", "bigint", 1, { isNullable: false, isIdentity: true }),
        columnOf("code", "text", 2, { isNullable: false }),
        columnOf("qty", "integer", 3, { defaultExpression: "7", isNullable: false }),
        columnOf("short", "character varying(5)", 4),
        columnOf("price", "numeric(6,2)", 5),
        columnOf("at", "timestamp with time zone", 6),
        columnOf("day", "date", 7),
        columnOf("feeling", "mood", 8, { typeOid: 50 }),
        columnOf("feelings", "mood[]", 9, { typeOid: 51 }),
        columnOf("meta", "jsonb", 10),
        columnOf("span", "int4range", 11),
        columnOf("customer_id", "integer", 12),
        columnOf("made", "text", 13, { isGenerated: true, defaultExpression: "(code || '!')" }),
        columnOf("uid", "uuid", 14),
      ],
      constraints: [
        constraintOf("orders_pkey", "primary key", [1]),
        constraintOf("orders_code_key", "unique", [2]),
        constraintOf("qty_is_positive", "check", [3]),
        constraintOf("spans_are_apart", "exclusion", [11]),
        constraintOf("customer_exists", "foreign key", [12], "FOREIGN KEY (customer_id) REFERENCES customers(id)"),
      ],
      indexes: [
        {
          oid: 9,
          name: "one_a_day",
          definition: "CREATE UNIQUE INDEX one_a_day ON public.orders USING btree (day, uid)",
        },
      ],
    }),
    tableOf(2, "customers", {
      columns: [
        columnOf("id", "integer", 1, { isNullable: false }),
        columnOf("boss_id", "integer", 2),
        columnOf("note", "text", 12),
      ],
      constraints: [
        constraintOf("customers_pkey", "primary key", [1]),
        constraintOf("boss_exists", "foreign key", [2], "FOREIGN KEY (boss_id) REFERENCES public.customers(id)"),
      ],
    }),
  ],
  enums: [{ oid: 50, schema: "public", name: "mood", labels: [{ oid: 1, label: "calm" }, { oid: 2, label: "wild" }] }],
};

/** An insert of rows into the orders, unless stated. */
export function contextOf(rows: readonly Row[], fields: Partial<DiagnosisContext> = {}): DiagnosisContext {
  return { operation: "insert", table: orders, rows, snapshot, ...fields };
}
