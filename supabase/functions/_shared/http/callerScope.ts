import type { Caller } from "./caller.ts";

/**
 * Whose requests are counted together. A publishable key is in every copy of an app, so its callers are told apart by
 * their address; so are callers without credentials.
 */
export function rateLimitScope(caller: Caller): string {
  switch (caller.kind) {
    case "user":
      return `user:${caller.userId}`;
    case "secret":
      return `secret:${caller.keyName}`;
    case "publishable":
      return `publishable:${caller.keyName}@${caller.clientAddress}`;
    case "none":
      return `none@${caller.clientAddress}`;
  }
}

/** As many characters as a UUID without its hyphens: nobody else comes up with the same. */
const unguessableLength = 32;

/**
 * Within what an idempotency key is unique. Callers that share an identity (everybody with the publishable key) must
 * not meet under a key like "1": theirs count per address, unless the key is one that nobody else comes up with. Such a
 * key counts wherever it comes from, as a phone that retries may have changed networks in between.
 */
export function idempotencyScope(caller: Caller, key: string): string {
  if (caller.kind === "user" || caller.kind === "secret" || key.length < unguessableLength) {
    return rateLimitScope(caller);
  }
  return caller.kind === "publishable" ? `publishable:${caller.keyName}` : "none";
}
