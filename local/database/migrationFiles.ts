import { readSqlFiles, type SqlFile } from "./sqlFiles.ts";
import { sqlTokens } from "./sqlTokens.ts";
import { splitStatements } from "./splitStatements.ts";

/** A migration as the Supabase CLI sees it. */
export interface Migration {
  /** `20261121090000`: the digits the file's name begins with. */
  readonly version: string;
  /** What follows the version, without the ending. */
  readonly name: string;
  readonly fileName: string;
  readonly statements: readonly string[];
}

/** What would end our transaction half-way, and with it the promise that a migration lands whole. */
const transactionWords = new Set(["begin", "start", "commit", "end", "rollback", "abort"]);

function checkTransactions(fileName: string, statements: readonly string[]): void {
  for (const [index, statement] of statements.entries()) {
    const first = sqlTokens(statement).find(({ kind }) => kind === "word");
    if (first?.word === undefined || !transactionWords.has(first.word)) continue;
    throw new Error(
      `Cannot read migration '${fileName}' as its statement ${index + 1} ends or begins a transaction: ` +
        `each migration runs in one of its own, leave out "${first.word}"`,
    );
  }
}

const fileNamePattern = /^(\d+)_(.*)\.sql$/;

/** Reads one file; `undefined` where its name is not a migration's, which the CLI skips too. */
export function parseMigration(file: SqlFile): Migration | undefined {
  const [, version, name] = fileNamePattern.exec(file.name) ?? [];
  if (version === undefined || name === undefined) return undefined;
  const statements = splitStatements(file.text);
  checkTransactions(file.name, statements);
  return { version, name, fileName: file.name, statements };
}

/** The migrations of a folder, oldest first. Throws where two claim one version. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = await readSqlFiles(folder);
  const migrations = files.map(parseMigration).filter((migration) => migration !== undefined);
  migrations.forEach(({ version, fileName }, index) => {
    const before = migrations[index - 1];
    if (before?.version === version) {
      throw new Error(`Cannot order the migrations as '${before.fileName}' and '${fileName}' have the same version`);
    }
  });
  return migrations;
}
