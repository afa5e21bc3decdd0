import { CallRefusedError } from "./callRefusedError.ts";

const longestName = 63;

/** A name as it stands in a statement: quoted, so that it can only ever be a name. */
export function quoteIdentifier(name: string): string {
  checkName(name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** Why a text cannot be a name, or would be cut off by Postgres, so that it may then mean another column. */
export function nameFault(name: string): string | undefined {
  return name === ""
    ? "it is empty"
    : name.includes("\0") || !name.isWellFormed()
    ? "it is not text that Postgres can store"
    : name.length > longestName / 3 && new TextEncoder().encode(name).length > longestName
    ? `it is longer than ${longestName} bytes`
    : undefined;
}

/** Refuses what cannot be a name. */
export function checkName(name: string): void {
  const reason = nameFault(name);
  if (reason !== undefined) {
    throw new CallRefusedError("42602", `Cannot use ${JSON.stringify(name)} as a name: ${reason}`);
  }
}
