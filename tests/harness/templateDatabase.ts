import { createHash } from "node:crypto";
import { join } from "node:path";
import { bootstrap, bootstrapFolder } from "../../local/database/bootstrap.ts";
import type { Connection } from "../../local/database/connect.ts";
import { migrate } from "../../local/database/migrate.ts";
import { readSqlFiles } from "../../local/database/sqlFiles.ts";
import { databaseUrl } from "./databaseUrl.ts";
import { projectFolder } from "./projectFolder.ts";

const migrationsFolder = join(projectFolder, "supabase", "migrations");

/** Any number, the same for all test processes; advisory locks belong to the maintenance database here. */
const lockKey = 7_208_119_003;

/** The name of the template for today's bootstrap and migrations. */
export async function templateName(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of [bootstrapFolder, migrationsFolder]) {
    for (const { name, text } of await readSqlFiles(folder)) hash.update(`${name}\0${text}\0`);
  }
  return `ballast_template_${hash.digest("hex").slice(0, 16)}`;
}

async function exists(sql: Connection, name: string): Promise<boolean> {
  return (await sql`select from pg_database where datname = ${name}`).length === 1;
}

async function make(sql: Connection, serverUrl: string, name: string): Promise<void> {
  const making = `ballast_making_${crypto.randomUUID().replaceAll("-", "")}`;
  await sql`create database ${sql(making)}`;
  try {
    await bootstrap(databaseUrl(serverUrl, making));
    await migrate({ url: databaseUrl(serverUrl, making), folder: migrationsFolder });
    await sql`alter database ${sql(making)} with is_template true allow_connections false`;
    await sql`alter database ${sql(making)} rename to ${sql(name)}`;
  } catch (error) {
    await sql`alter database ${sql(making)} with is_template false`;
    await sql`drop database ${sql(making)} with (force)`;
    throw error;
  }
}

/**
 * The name of a database that has the bootstrap and the migrations, made once a server and again when one of them
 * changes. Test databases are copies of it.
 */
export async function templateDatabase(sql: Connection, serverUrl: string): Promise<string> {
  const name = await templateName();
  if (await exists(sql, name)) return name;
  await sql`select pg_advisory_lock(${lockKey})`;
  try {
    if (!(await exists(sql, name))) await make(sql, serverUrl, name);
    return name;
  } finally {
    await sql`select pg_advisory_unlock(${lockKey})`;
  }
}
