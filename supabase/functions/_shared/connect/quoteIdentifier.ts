import { CallRefusedError } from "./callRefusedError.ts";

const longestName = 63;

/** A name as it stands in a statement: quoted, so that it can only ever be a name. */
export function quoteIdentifier(name: string): string {
  checkName(name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** Refuses what cannot be a name, and what Postgres would cut off: it may then mean another column. */
export function checkName(name: string): void {
  const reason = name === ""
    ? "it is empty"
    : name.includes("\0") || !name.isWellFormed()
    ? "it is not text that Postgres can store"
    : name.length > longestName / 3 && new TextEncoder().encode(name).length > longestName
    ? `it is longer than ${longestName} bytes`
    : undefined;
  if (reason !== undefined) {
    throw new CallRefusedError("42602", `Cannot use ${JSON.stringify(name)} as a name: ${reason}`);
  }
}
