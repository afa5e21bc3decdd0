import { connect, type Connection } from "../../local/database/connect.ts";
import { databaseUrl } from "./databaseUrl.ts";
import { findServerUrl } from "./serverUrl.ts";

/** An empty database, as Postgres makes it: no bootstrap, no migrations. */
export interface BareDatabase extends AsyncDisposable {
  /** For the superuser. */
  readonly superuserUrl: string;
  /** For `postgres`; usable once the bootstrap has run. */
  readonly url: string;
  /** A connection of the superuser. */
  readonly sql: Connection;
}

/** Makes a database for tests of what comes before the migrations. */
export async function bareDatabase(): Promise<BareDatabase> {
  const serverUrl = await findServerUrl();
  const name = `ballast_test_${crypto.randomUUID().replaceAll("-", "")}`;
  {
    await using admin = connect(serverUrl);
    await admin`create database ${admin(name)}`;
  }
  const superuserUrl = databaseUrl(serverUrl, name);
  const sql = connect(superuserUrl);
  return {
    superuserUrl,
    url: databaseUrl(serverUrl, name, { name: "postgres", password: "postgres" }),
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 5 });
      await using admin = connect(serverUrl);
      await admin`drop database ${admin(name)} with (force)`;
    },
  };
}
