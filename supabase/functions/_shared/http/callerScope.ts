import type { Caller } from "./caller.ts";
import { networkOf } from "./networkOf.ts";

/**
 * Whose requests are counted together. A publishable key is in every copy of an app, so its callers are told apart by
 * their address, in IPv6 by its network; so are callers without credentials.
 */
export function rateLimitScope(caller: Caller): string {
  switch (caller.kind) {
    case "user":
      return `user:${caller.userId}`;
    case "secret":
      return `secret:${caller.keyName}`;
    case "publishable":
      return `publishable:${caller.keyName}@${networkOf(caller.clientAddress)}`;
    case "none":
      return `none@${networkOf(caller.clientAddress)}`;
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

/** Claims that differ from token to token of one session. All others may decide what its user sees. */
const claimsOfTokens = new Set(["exp", "iat", "nbf", "jti"]);

/**
 * Who may be given what was cached for whom. Row level security decides by a user's claims, so a user whose claims have
 * changed (another organisation, a right less, a second factor) is somebody else. Callers with the same key and no identity
 * see the same, wherever they are: an answer that depends on the address has it in its key.
 */
export function cacheScope(caller: Caller): string {
  switch (caller.kind) {
    case "user": {
      const claims = Object.entries(caller.claims).filter(([name]) => !claimsOfTokens.has(name));
      return JSON.stringify(["user", caller.userId, caller.role, inOrder(Object.fromEntries(claims))]);
    }
    case "secret":
    case "publishable":
      return `${caller.kind}:${caller.keyName}`;
    case "none":
      return "none";
  }
}

/** The same whatever the order in which properties came. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([one], [other]) => one < other ? -1 : 1).map((
    [name, part],
  ) => [name, inOrder(part)]);
}
