import type { CauseRef } from "./kernelEvent.ts";

const mostLetters = 80;

/** What a failure can be blamed on: its SQLSTATE, its own code, its HTTP status or its name; never its words. */
export function causeOf(failure: unknown): CauseRef {
  const { code, status, name } = Object(failure) as { code?: unknown; status?: unknown; name?: unknown };
  if (isWord(code)) return isSqlState(code) ? `sqlstate:${code}` : `error:${code}`;
  if (typeof status === "number" && Number.isInteger(status)) return `error:http_${status}`;
  return `error:${isWord(name) ? name : "unknown"}`;
}

/** What a statement's failure is blamed on: a SQLSTATE, or the code that PostgREST or the driver has for it. */
export function causeOfCode(code: string | undefined): CauseRef {
  return `sqlstate:${isWord(code) ? code : "unknown"}`;
}

/** Codes come from errors of all kinds, and some of those hold what a caller has sent. */
function isWord(text: unknown): text is string {
  return typeof text === "string" && text.length <= mostLetters && /^[\w.-]+$/.test(text);
}

/** Those of the socket, such as EPIPE, have no digit. */
function isSqlState(code: string): boolean {
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
}
