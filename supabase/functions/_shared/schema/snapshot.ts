/** A column as the catalog knows it. `attnum` is its identity: it survives a rename and is never used again. */
export interface ColumnSnapshot {
  readonly attnum: number;
  readonly name: string;
  /** The type as Postgres prints it, such as `character varying(80)`. */
  readonly type: string;
  /** The type's identity and modifier: they stay when a type is renamed. */
  readonly typeOid: number;
  readonly typeModifier: number;
  readonly isNullable: boolean;
  readonly defaultExpression: string | null;
  readonly isGenerated: boolean;
  readonly isIdentity: boolean;
}

/** A key, check, or other constraint of a table. */
export interface ConstraintSnapshot {
  readonly oid: number;
  readonly name: string;
  readonly kind: "primary key" | "unique" | "foreign key" | "check" | "exclusion";
  readonly definition: string;
  readonly attnums: readonly number[];
}

/** An index of a table, constraints' own indexes left out. */
export interface IndexSnapshot {
  readonly oid: number;
  readonly name: string;
  readonly definition: string;
}

/** A table or partitioned table. `oid` is its identity: it survives a rename and a move to another schema. */
export interface TableSnapshot {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnSnapshot[];
  readonly constraints: readonly ConstraintSnapshot[];
  readonly indexes: readonly IndexSnapshot[];
}

/** An enum type; each label has an identity of its own, which survives a rename. */
export interface EnumSnapshot {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly labels: readonly { readonly oid: number; readonly label: string }[];
  /** What labels were called before, and what they are by now: told by the history, no part of what is read or hashed. */
  readonly formerLabels?: ReadonlyMap<string, string>;
}

/** All that writes depend on, at one moment. Lists are in order of identity, so that equal schemas print alike. */
export interface SchemaSnapshot {
  readonly tables: readonly TableSnapshot[];
  readonly enums: readonly EnumSnapshot[];
}
