import type postgres from "postgres";
import { AuthError } from "./authError.ts";
import { type IdentityRow, userColumns, type UserRow } from "./userRow.ts";

/** A connection or a transaction. */
export type Queries = postgres.ISql<Record<never, never>>;

/** What a new person brings: both, or neither for an anonymous one. */
export interface NewUser {
  readonly email?: string;
  readonly password?: string;
  readonly metadata: Record<string, unknown>;
}

const uniqueViolation = "23505";

function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === uniqueViolation;
}

/** A bcrypt hash of nothing anyone knows: checking an unknown e-mail's password takes as long as checking a known one's. */
export const nobodysHash = "$2a$06$zzzzzzzzzzzzzzzzzzzzzuzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";

/** The user whose password this is, or nothing: whether the e-mail or the password was wrong shows neither here nor in time. */
export async function findByPassword(sql: Queries, email: string, password: string): Promise<UserRow | undefined> {
  const [row] = await sql<(UserRow & { is_right: boolean })[]>`
    select ${sql(userColumns.map((column) => `u.${column}`))},
      extensions.crypt(${password}, coalesce(nullif(u.encrypted_password, ''), ${nobodysHash}))
        = coalesce(nullif(u.encrypted_password, ''), '') as is_right
    from (values (1)) as always (here)
    left join auth.users as u on u.email = ${email} and not u.is_sso_user and u.deleted_at is null`;
  return row?.is_right ? row : undefined;
}

/** The user with this id, deleted ones excepted. */
export async function findById(sql: Queries, id: string): Promise<UserRow | undefined> {
  const [row] = await sql<UserRow[]>`
    select ${sql(userColumns)} from auth.users where id = ${id} and deleted_at is null`;
  return row;
}

/** The user with this (normalized) e-mail, deleted ones excepted. */
export async function findByEmail(sql: Queries, email: string): Promise<UserRow | undefined> {
  const [row] = await sql<UserRow[]>`
    select ${sql(userColumns)} from auth.users
    where email = ${email} and not is_sso_user and deleted_at is null`;
  return row;
}

/** The identities of a user. */
export async function findIdentities(sql: Queries, userId: string): Promise<IdentityRow[]> {
  return await sql<IdentityRow[]>`
    select id, provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at
    from auth.identities where user_id = ${userId} order by created_at`;
}

/** Makes a user, confirmed at once: there is no mail on this machine. Call it in a transaction. */
export async function createUser(sql: Queries, user: NewUser): Promise<UserRow> {
  const isAnonymous = user.email === undefined;
  const appMetadata = isAnonymous ? {} : { provider: "email", providers: ["email"] };
  try {
    const [row] = await sql<UserRow[]>`
      insert into auth.users (
        instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
        raw_app_meta_data, raw_user_meta_data, is_anonymous, created_at, updated_at
      ) values (
        '00000000-0000-0000-0000-000000000000', gen_random_uuid(), 'authenticated', 'authenticated',
        ${user.email ?? null},
        ${user.password === undefined ? null : sql`extensions.crypt(${user.password}, extensions.gen_salt('bf'))`},
        ${isAnonymous ? null : sql`now()`},
        ${sql.json(appMetadata)}, ${sql.json(user.metadata as postgres.JSONValue)}, ${isAnonymous}, now(), now()
      )
      returning ${sql(userColumns)}`;
    if (user.email !== undefined) await putEmailIdentity(sql, row!.id, user.email);
    return row!;
  } catch (error) {
    if (isUniqueViolation(error)) throw new AuthError(422, "user_already_exists", "User already registered");
    throw error;
  }
}

/** What a user may change of themselves. */
export interface UserChange {
  readonly email?: string;
  readonly password?: string;
  readonly metadata?: Record<string, unknown>;
}

/** Changes a user; an anonymous one who gives an e-mail becomes a permanent one. Call it in a transaction. */
export async function changeUser(sql: Queries, user: UserRow, change: UserChange): Promise<UserRow> {
  const { email, password, metadata } = change;
  try {
    if (email !== undefined && email !== user.email) {
      await sql`
        update auth.users set
          email = ${email}, email_confirmed_at = now(), is_anonymous = false,
          raw_app_meta_data = coalesce(raw_app_meta_data, '{}') || '{"provider": "email", "providers": ["email"]}'
        where id = ${user.id}`;
      await putEmailIdentity(sql, user.id, email);
    }
  } catch (error) {
    if (isUniqueViolation(error)) {
      throw new AuthError(422, "email_exists", "A user with this email address has already been registered");
    }
    throw error;
  }
  if (password !== undefined) {
    const [changed] = await sql`
      update auth.users set encrypted_password = extensions.crypt(${password}, extensions.gen_salt('bf'))
      where id = ${user.id} and (
        coalesce(encrypted_password, '') = ''
        or encrypted_password <> extensions.crypt(${password}, encrypted_password)
      )
      returning id`;
    if (!changed) {
      throw new AuthError(422, "same_password", "New password should be different from the old password.");
    }
  }
  const entries = Object.entries(metadata ?? {});
  const kept = Object.fromEntries(entries.filter(([, value]) => value !== null)) as postgres.JSONValue;
  const removed = entries.filter(([, value]) => value === null).map(([key]) => key);
  const [row] = await sql<UserRow[]>`
    update auth.users set
      raw_user_meta_data = (coalesce(raw_user_meta_data, '{}') || ${sql.json(kept)}) - ${removed}::text[],
      updated_at = now()
    where id = ${user.id}
    returning ${sql(userColumns)}`;
  return row!;
}

async function putEmailIdentity(sql: Queries, userId: string, email: string): Promise<void> {
  const identity = { sub: userId, email, email_verified: true, phone_verified: false };
  await sql`
    insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at)
    values (${userId}, ${userId}, ${sql.json(identity)}, 'email', now())
    on conflict (provider_id, provider) do update set identity_data = excluded.identity_data, updated_at = now()`;
}
