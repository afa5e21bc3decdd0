import type { Caller } from "../http/caller.ts";
import { quoteLiteral } from "./quoteLiteral.ts";

/** Whose rights a transaction has: a role, and the claims that policies read. */
export interface DatabaseIdentity {
  readonly role: "anon" | "authenticated" | "service_role";
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The identity of a caller. Only a user's token can make it `authenticated`, only a secret key `service_role`. */
export function databaseIdentity(caller: Caller): DatabaseIdentity {
  switch (caller.kind) {
    case "user": {
      const role = caller.role === "authenticated" ? "authenticated" : "anon"; // Whatever the token asks for besides.
      return { role, claims: { ...caller.claims, role } };
    }
    case "secret":
      return { role: "service_role", claims: { role: "service_role" } };
    case "publishable":
    case "none":
      return { role: "anon", claims: { role: "anon" } };
  }
}

/** SQL that puts the rest of its transaction under `identity`, and nothing after it. */
export function assumeIdentity({ role, claims }: DatabaseIdentity): string {
  return `set local request.jwt.claims = ${quoteLiteral(JSON.stringify(claims))}; set local role ${role}`;
}
