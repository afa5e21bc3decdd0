import type postgres from "postgres";
import type { AccessTokens } from "./accessToken.ts";
import { AttemptLimit } from "./attemptLimit.ts";
import { AuthError } from "./authError.ts";
import { checkMetadata, checkNewPassword, normalizeEmail } from "./credentialRules.ts";
import { endSessions, hasSession, isBanned, refreshSession, startSession } from "./sessions.ts";
import { userJson, type UserRow } from "./userRow.ts";
import { changeUser, createUser, findByEmail, findById, findByPassword, findIdentities } from "./users.ts";

/** A JSON body, not checked yet. */
export type Body = Readonly<Record<string, unknown>>;

/** What is known of the client. */
export interface Client {
  readonly userAgent: string | null;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Sign-up, sign-in and what follows, over the tables that Supabase Auth uses. */
export class AuthService {
  readonly #sql: postgres.Sql;
  readonly #tokens: AccessTokens;
  readonly #attempts: AttemptLimit;

  constructor(sql: postgres.Sql, tokens: AccessTokens, attempts: AttemptLimit = new AttemptLimit()) {
    this.#sql = sql;
    this.#tokens = tokens;
    this.#attempts = attempts;
  }

  get jwks() {
    return this.#tokens.jwks;
  }

  /** Signs up with e-mail and password, or anonymously where neither is given. */
  async signUp(body: Body, { userAgent }: Client) {
    const metadata = checkMetadata(body.data);
    if (body.phone) throw new AuthError(400, "phone_provider_disabled", "Phone signups are disabled");
    const isAnonymous = !body.email && !body.password;
    const newUser = isAnonymous
      ? { metadata }
      : { email: normalizeEmail(body.email), password: checkNewPassword(body.password), metadata };
    return await this.#sql.begin(async (sql) => {
      const user = await createUser(sql, newUser);
      return await startSession(sql, this.#tokens, user, { userAgent, method: isAnonymous ? "anonymous" : "password" });
    });
  }

  /** Signs in with e-mail and password. */
  async signIn(body: Body, { userAgent }: Client) {
    const { password } = body;
    if (typeof body.email !== "string" || typeof password !== "string" || password.includes("\0")) {
      throw new AuthError(400, "validation_failed", "missing email or password");
    }
    const email = normalizeEmail(body.email);
    if (!this.#attempts.isOpen(email)) {
      throw new AuthError(429, "over_request_rate_limit", "Request rate limit reached");
    }
    // Counted before the answer is known: attempts that run side by side are counted, too.
    this.#attempts.recordFailure(email);
    const user = await findByPassword(this.#sql, email, password);
    if (user === undefined) throw new AuthError(400, "invalid_credentials", "Invalid login credentials");
    this.#attempts.recordSuccess(email);
    if (isBanned(user)) throw new AuthError(400, "user_banned", "User is banned");
    return await this.#sql.begin((sql) => startSession(sql, this.#tokens, user, { userAgent, method: "password" }));
  }

  /** Starts a session for a person without a password: for tools of the machine's owner, never for a client. */
  async impersonate(email: string) {
    const normal = normalizeEmail(email);
    return await this.#sql.begin(async (sql) => {
      const user = await findByEmail(sql, normal) ?? await createUser(sql, { email: normal, metadata: {} });
      return await startSession(sql, this.#tokens, user, { userAgent: null, method: "password" });
    });
  }

  /** Swaps a refresh token for a new pair. */
  async refresh(body: Body) {
    const { refresh_token: token } = body;
    if (typeof token !== "string" || token === "") {
      throw new AuthError(400, "validation_failed", "refresh_token required");
    }
    const outcome = await this.#sql.begin((sql) => refreshSession(sql, this.#tokens, token));
    if (outcome instanceof AuthError) throw outcome;
    return outcome;
  }

  /** The bearer of this token. */
  async currentUser(authorization: string | null) {
    const { user } = await this.#authenticate(authorization);
    return userJson(user, await findIdentities(this.#sql, user.id));
  }

  /** Changes e-mail, password or metadata of the bearer. */
  async updateUser(authorization: string | null, body: Body) {
    const { user } = await this.#authenticate(authorization);
    const change = {
      ...(body.email ? { email: normalizeEmail(body.email) } : {}),
      ...(body.password === undefined || body.password === null ? {} : { password: checkNewPassword(body.password) }),
      ...(body.data ? { metadata: checkMetadata(body.data) } : {}),
    };
    if (change.password !== undefined && user.is_anonymous && change.email === undefined) {
      throw new AuthError(
        422,
        "validation_failed",
        "Updating password of an anonymous user without an email or phone is not allowed",
      );
    }
    return await this.#sql.begin(async (sql) => {
      const changed = await changeUser(sql, user, change);
      return userJson(changed, await findIdentities(sql, user.id));
    });
  }

  /** Ends the bearer's session, all others, or all of them. */
  async signOut(authorization: string | null, scope: string): Promise<void> {
    if (!["global", "local", "others"].includes(scope)) {
      throw new AuthError(400, "validation_failed", `Unsupported logout scope "${scope.slice(0, 40)}"`);
    }
    const { user, sessionId } = await this.#authenticate(authorization);
    await endSessions(this.#sql, user.id, sessionId, scope);
  }

  /** A token alone is not enough: its user must still be there, and its session must not have ended. */
  async #authenticate(authorization: string | null): Promise<{ user: UserRow; sessionId: string }> {
    const { sub, session_id: sessionId } = await this.#tokens.verify(authorization);
    const user = uuid.test(sub) ? await findById(this.#sql, sub) : undefined;
    if (user === undefined) {
      throw new AuthError(403, "user_not_found", "User from sub claim in JWT does not exist");
    }
    if (!uuid.test(sessionId) || !await hasSession(this.#sql, user.id, sessionId)) {
      throw new AuthError(403, "session_not_found", "Session from session_id claim in JWT does not exist");
    }
    if (isBanned(user)) throw new AuthError(403, "user_banned", "User is banned");
    return { user, sessionId };
  }
}
