import { classifySqlState, type SqlStateClass, sqlStateOf } from "../db/sqlState.ts";
import type { TableRef } from "./connector.ts";
import type { DbFailure } from "./dbFailure.ts";

/** What supabase-js resolves to. */
export interface RestAnswer {
  readonly data: unknown;
  readonly error: RestError | null;
  readonly status: number;
}

/** The body of PostgREST's errors; of a gateway in front of it, the message alone. */
export interface RestError {
  readonly code?: string;
  readonly message?: string;
  readonly details?: string | null;
  readonly hint?: string | null;
}

/** What was tried when a failure came. */
export interface RestFailureContext {
  readonly table: TableRef;
  readonly isRead?: boolean;
  /** The names that were sent, of which the error may be about one. */
  readonly names: readonly string[];
  /** What `fetch` threw. */
  readonly thrown?: unknown;
}

/**
 * Reads a failure out of an answer. What it is follows from its code; PostgREST has no fields for names, so those are
 * found where they stand in quotes, among the names that were sent wherever it can only be one of them.
 */
export function toRestFailure(answer: RestAnswer, context: RestFailureContext): DbFailure {
  const { table, isRead = false, thrown } = context;
  const error = answer.error ?? {};
  const { code, kind } = thrown === undefined ? codeOfAnswer(error, answer.status) : codeOfThrown(thrown);
  const names = namesOf(code, error, context);
  const hasTable = names.column !== undefined || names.constraint !== undefined || names.table !== undefined;
  return {
    code,
    kind,
    message: error.message || String(thrown),
    ...hasTable ? { schema: table.schema, table: table.name } : {},
    ...names,
    ...typeof error.details === "string" && error.details !== "" ? { detail: error.details } : {},
    ...typeof error.hint === "string" && error.hint !== "" ? { hint: error.hint } : {},
    isOutcomeUnknown: kind === "connection_lost" && !isRead,
    cause: thrown ?? error,
  };
}

function codeOfAnswer({ code }: RestError, status: number): { code: string; kind: SqlStateClass } {
  if (typeof code === "string" && code !== "") return { code, kind: classifySqlState(code) };
  // Not PostgREST's own answer but that of a gateway: nobody knows how far the request got where it is a 5xx.
  const kind = status >= 500
    ? "connection_lost"
    : status === 429
    ? "capacity"
    : status === 401 || status === 403
    ? "rights"
    : "other";
  return { code: `HTTP_${status}`, kind };
}

/** Deno's fetch gives no code; that it never connected is told by the kind of its HTTP client's error. */
function codeOfThrown(thrown: unknown): { code: string; kind: SqlStateClass } {
  const { name, cause, message } = thrown as { name?: unknown; cause?: { message?: unknown }; message?: unknown };
  const own = sqlStateOf(thrown);
  if (own !== undefined && classifySqlState(own) !== "other") return { code: own, kind: classifySqlState(own) };
  const text = `${cause?.message ?? ""} ${message ?? ""}`;
  if (text.includes("client error (Connect)")) return { code: "ECONNREFUSED", kind: "never_ran" };
  return { code: name === "AbortError" ? "ABORTED" : "FETCH_FAILED", kind: "connection_lost" };
}

type Names = { column?: string; constraint?: string; table?: string };

function namesOf(code: string, { message = "" }: RestError, { names, table }: RestFailureContext): Names {
  const quoted = [...message.matchAll(/"((?:[^"]|"")*)"/g)].map((found) => found[1]!);
  switch (code) {
    case "PGRST204":
      return column(longest(names.filter((name) => message.includes(`'${name}'`))));
    case "42703": {
      const isMeant = (name: string) => message.includes(`"${name}"`) || message.includes(`.${name} `);
      return column(longest(names.filter(isMeant)));
    }
    case "PGRST205":
    case "42P01":
      return { table: table.name };
    case "23502":
      return column(quoted[0]);
    case "23505":
    case "23503":
    case "23514":
    case "23P01": {
      const constraint = quoted.at(-1);
      return constraint === undefined ? {} : { constraint };
    }
    case "428C9":
      return column(quoted.find((name) => names.includes(name)));
    default:
      return {};
  }
}

function column(name: string | undefined): Names {
  return name === undefined ? {} : { column: name };
}

function longest(names: readonly string[]): string | undefined {
  return names.toSorted((a, b) => b.length - a.length)[0];
}
