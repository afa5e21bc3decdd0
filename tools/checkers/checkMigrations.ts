/** Holds migrations to the rules of the hosted platform and of the house. */
import type { Checker } from "./checker.ts";
import type { Problem } from "./problem.ts";
import { runChecker } from "./runChecker.ts";
import { readTree, type SourceTree } from "./sourceTree.ts";
import { type SqlStatement, sqlStatements } from "./sqlStatements.ts";

const folder = "supabase/migrations/";
const fileName = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})_[a-z]+(_[a-z0-9]+){2,}\.sql$/;
const name = String.raw`(?:[a-z_][a-z0-9_]*\.)?[a-z_][a-z0-9_]*`;
const keywords =
  "select insert update delete create alter drop table function view index grant revoke from where join values returning " +
  "begin commit set role to on not null primary key references default check constraint unique if exists or replace " +
  "language security definer invoker stable immutable volatile as is in and policy enable row level using with returns " +
  "trigger execute declare end loop then else case when schema public into exception raise perform return cascade";
const shouted = new RegExp(`\\b(?:${keywords.toUpperCase().replaceAll(" ", "|")})\\b`);

/** What is wrong with the migrations: names, versions, missing GRANT or row level security, loose functions, shouting. */
export function checkMigrations(tree: SourceTree): Problem[] {
  const problems: Problem[] = [];
  const versions = new Map<string, string>();
  for (const [path, sql] of tree) {
    if (!path.startsWith(folder)) continue;
    const file = path.slice(folder.length);
    const version = file.slice(0, 14);
    if (!isWellNamed(file)) {
      problems.push({ path, message: "Must be named <utc as YYYYMMDDhhmmss>_<area>_<verb phrase>.sql" });
    }
    const other = versions.get(version);
    if (other !== undefined) problems.push({ path, message: `Has the version of ${other}` });
    versions.set(version, file);
    problems.push(...statementProblems(sqlStatements(sql)).map((message) => ({ path, message })));
  }
  return problems;
}

function isWellNamed(file: string): boolean {
  const match = fileName.exec(file);
  if (match === null) return false;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  return date.toISOString().replace(/\D/g, "").slice(0, 14) === file.slice(0, 14);
}

function statementProblems(statements: readonly SqlStatement[]): string[] {
  const tables: { name: string; line: number }[] = [];
  const secured = new Set<string>();
  const granted = new Set<string>();
  const grantedSchemas = new Set<string>();
  const problems: string[] = [];
  for (const { text, bare, line } of statements) {
    const low = bare.toLowerCase().replace(/\s+/g, " ");
    const table = new RegExp(`^create (?:unlogged )?table (?:if not exists )?(${name})`).exec(low)?.[1];
    if (table !== undefined) tables.push({ name: table, line });
    const rls = new RegExp(`^alter table (?:if exists )?(?:only )?(${name}) .*enable row level security`).exec(low)
      ?.[1];
    if (rls !== undefined) secured.add(rls);
    const grant = /^grant .+? on (?:table )?(.+) to /.exec(low)?.[1];
    const schema = /^all tables in schema (.+)$/.exec(grant ?? "")?.[1];
    for (const one of (schema ?? grant ?? "").split(",")) (schema ? grantedSchemas : granted).add(one.trim());
    problems.push(...functionProblems(text, low, line));
    const loud = shouted.exec(bare) ?? shouted.exec(bodyOf(text));
    if (loud !== null) problems.push(`Line ${line}: writes ${loud[0]}, but SQL is lower-case here`);
  }
  for (const table of tables) {
    const at = `Line ${table.line}: table '${table.name}'`;
    if (!table.name.includes(".")) problems.push(`${at} must name its schema`);
    if (!secured.has(table.name)) problems.push(`${at} must have row level security enabled in this migration`);
    const isGranted = granted.has(table.name) || grantedSchemas.has(table.name.split(".")[0]!);
    if (!isGranted) problems.push(`${at} must have its GRANT in this migration: new tables get none by themselves`);
  }
  return problems;
}

function functionProblems(text: string, low: string, line: number): string[] {
  const match = /^create (?:or replace )?(function|procedure) ([^\s(]+)/.exec(low);
  if (match === null) return [];
  const [, kind, called] = match;
  const problems: string[] = [];
  const at = `Line ${line}: ${kind} '${called}'`;
  if (!called!.includes(".")) problems.push(`${at} must name its schema`);
  if (kind === "function" && !/\b(immutable|stable|volatile)\b/.test(low)) {
    problems.push(`${at} must state its volatility: immutable, stable or volatile`);
  }
  const withoutBody = text.replace(/(\$\w*\$)[^]*?\1/g, " ");
  if (!/\bset\s+search_path\s*(=|\bto\b)\s*''/i.test(withoutBody)) problems.push(`${at} must say set search_path = ''`);
  return problems;
}

/** The code inside a statement's dollar quotes, without its strings and comments. */
function bodyOf(text: string): string {
  const body = /(\$\w*\$)([^]*?)\1/.exec(text)?.[2] ?? "";
  return body.replace(/--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, " ");
}

/** The migration rules as a checker. */
export const migrationsChecker: Checker = {
  name: "migrations",
  checkRoot: async (root) => ({ problems: checkMigrations(await readTree(root)) }),
};

if (import.meta.main) await runChecker(migrationsChecker);
