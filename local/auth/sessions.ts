import { type AccessTokens, accessTokenSeconds } from "./accessToken.ts";
import { AuthError } from "./authError.ts";
import { userColumns, userJson, type UserRow } from "./userRow.ts";
import { findIdentities, type Queries } from "./users.ts";

/** Two tabs may refresh with the same token at once: so long after its rotation a token is not taken for stolen. */
const reuseIntervalSeconds = 10;

/** Where a session was started. */
export interface SessionOrigin {
  readonly userAgent: string | null;
  /** How the person proved who they are: "password", "anonymous". */
  readonly method: string;
}

/** Starts a session and answers what a client needs for it. Call it in a transaction. */
export async function startSession(sql: Queries, tokens: AccessTokens, user: UserRow, origin: SessionOrigin) {
  await sql`update auth.users set last_sign_in_at = now() where id = ${user.id}`;
  const [session] = await sql<{ id: string }[]>`
    insert into auth.sessions (user_id, aal, user_agent, tag)
    values (${user.id}, 'aal1', ${origin.userAgent}, ${origin.method})
    returning id`;
  const refreshToken = await addRefreshToken(sql, user.id, session!.id, null);
  return await sessionJson(sql, tokens, { ...user, last_sign_in_at: new Date() }, {
    id: session!.id,
    method: origin.method,
    refreshToken,
  });
}

interface RefreshRow extends UserRow {
  readonly session_id: string;
  readonly tag: string | null;
  readonly revoked: boolean;
  readonly is_recent: boolean;
  readonly is_superseded_once: boolean;
}

/**
 * Swaps a refresh token for a new pair. One that was swapped before is taken for stolen unless that was just now and its
 * successor is still in use: then all tokens of the session are revoked. Answers the error instead of throwing it, so that
 * the revocation is committed.
 */
export async function refreshSession(sql: Queries, tokens: AccessTokens, refreshToken: string) {
  const hash = await hashToken(refreshToken);
  // The lock is a statement of its own, so that the next one sees what the refresh before us has written.
  await sql`
    select from auth.sessions
    where id = (select session_id from auth.refresh_tokens where token = ${hash})
    for update`;
  const [row] = await sql<RefreshRow[]>`
    select ${sql(userColumns.map((column) => `u.${column}`))}, s.id as session_id, s.tag, t.revoked,
      t.updated_at > now() - make_interval(secs => ${reuseIntervalSeconds}) as is_recent,
      exists (
        select from auth.refresh_tokens as next where next.parent = t.token and not next.revoked
      ) as is_superseded_once
    from auth.refresh_tokens as t
    join auth.sessions as s on s.id = t.session_id
    join auth.users as u on u.id = s.user_id
    where t.token = ${hash} and u.deleted_at is null`;
  if (row === undefined) {
    return new AuthError(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found");
  }
  if (isBanned(row)) return new AuthError(400, "user_banned", "User is banned");
  if (row.revoked && !(row.is_recent && row.is_superseded_once)) {
    await sql`
      update auth.refresh_tokens set revoked = true, updated_at = now()
      where session_id = ${row.session_id} and not revoked`;
    return new AuthError(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used");
  }
  if (!row.revoked) {
    await sql`update auth.refresh_tokens set revoked = true, updated_at = now() where token = ${hash}`;
  }
  await sql`
    update auth.sessions set refreshed_at = now() at time zone 'utc', updated_at = now() where id = ${row.session_id}`;
  const next = await addRefreshToken(sql, row.id, row.session_id, hash);
  return await sessionJson(sql, tokens, row, {
    id: row.session_id,
    method: row.tag ?? "password",
    refreshToken: next,
  });
}

/** Ends sessions of a user: this one, all others, or all. */
export async function endSessions(sql: Queries, userId: string, sessionId: string, scope: string): Promise<void> {
  if (scope === "local") await sql`delete from auth.sessions where id = ${sessionId} and user_id = ${userId}`;
  else if (scope === "others") await sql`delete from auth.sessions where user_id = ${userId} and id <> ${sessionId}`;
  else await sql`delete from auth.sessions where user_id = ${userId}`;
}

/** Does the session still run? */
export async function hasSession(sql: Queries, userId: string, sessionId: string): Promise<boolean> {
  const [row] = await sql`select from auth.sessions where id = ${sessionId} and user_id = ${userId}`;
  return row !== undefined;
}

/** Is this user shut out at the moment? */
export function isBanned(user: UserRow): boolean {
  return user.banned_until !== null && user.banned_until.getTime() > Date.now();
}

/** Only a hash is kept: who reads the table cannot take over a session. */
async function hashToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return new Uint8Array(digest).toHex();
}

async function addRefreshToken(sql: Queries, userId: string, sessionId: string, parent: string | null) {
  const token = crypto.getRandomValues(new Uint8Array(24)).toBase64({ alphabet: "base64url" });
  await sql`
    insert into auth.refresh_tokens (token, user_id, revoked, parent, session_id)
    values (${await hashToken(token)}, ${userId}, false, ${parent}, ${sessionId})`;
  return token;
}

async function sessionJson(
  sql: Queries,
  tokens: AccessTokens,
  user: UserRow,
  session: { id: string; method: string; refreshToken: string },
) {
  const { token, expiresAt } = await tokens.sign(user, session.id, session.method);
  return {
    access_token: token,
    token_type: "bearer",
    expires_in: accessTokenSeconds,
    expires_at: expiresAt,
    refresh_token: session.refreshToken,
    user: userJson(user, await findIdentities(sql, user.id)),
  };
}
