/**
 * The server's superuser, as on Supabase: `postgres` is an ordinary (if powerful) role there, and migrations that only
 * work as superuser should fail here too. The passwords are those of Supabase's local stack; the server listens on the
 * loopback address alone.
 */
export const superuser = { name: "supabase_admin", password: "postgres" } as const;

/** The address of a database for the superuser. */
export function superuserUrl(port: number, database = "postgres"): string {
  return `postgresql://${superuser.name}:${superuser.password}@127.0.0.1:${port}/${database}`;
}

/** The address of a database for `postgres`, the role that migrations and functions use. */
export function ownerUrl(port: number, database = "postgres"): string {
  return `postgresql://postgres:postgres@127.0.0.1:${port}/${database}`;
}
