import type { Caller } from "../http/caller.ts";

/**
 * Whom flags are evaluated for. Signed-in users and visitors have spaces of their own, so that a visitor who makes up
 * a subject can never learn how a flag stands for a user.
 */
export function flagSubject(caller: Caller, visitor?: string): string | undefined {
  if (caller.kind === "user") return `user:${caller.userId}`;
  return visitor === undefined ? undefined : visitorSubject(visitor);
}

/** The subject of a visitor by an id that the client made and keeps. */
export function visitorSubject(visitor: string): string {
  return `visitor:${visitor}`;
}
