import type postgres from "postgres";
import type { Migration } from "./migrationFiles.ts";

/** A statement of a migration failed; nothing of that migration is left in the database. */
export class MigrationError extends Error {
  /** The migration's file. */
  readonly fileName: string;
  /** Which statement of the file, counted from one. */
  readonly statementNumber: number;
  readonly statement: string;
  /** The SQLSTATE. */
  readonly code: string | undefined;

  constructor(migration: Migration, index: number, cause: Error) {
    const statement = migration.statements[index] ?? "";
    const { code, detail, hint } = cause as Partial<postgres.PostgresError>;
    const more = [detail, hint].filter((line) => line !== undefined).map((line) => `\n  ${line}`).join("");
    super(
      `Cannot apply migration '${migration.fileName}' as its statement ${index + 1} of ` +
        `${migration.statements.length} failed: ${cause.message} (${code ?? "no code"})${more}\n` +
        statement.split("\n").slice(0, 12).map((line) => `  | ${line}`).join("\n"),
      { cause },
    );
    this.name = "MigrationError";
    this.fileName = migration.fileName;
    this.statementNumber = index + 1;
    this.statement = statement;
    this.code = code;
  }
}
