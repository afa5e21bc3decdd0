/** alerts-dispatch as a process of its own, so that it can be killed: over the database and the receiver of its environment. */
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { readAlertSinks } from "../../supabase/functions/_shared/alerts/alertSettings.ts";
import { dispatch } from "./alertsFixture.ts";

const url = Deno.env.get("DISPATCH_DB_URL")!;
const client = createSqlClient({ url, isPooled: false, poolSize: 2, applicationName: "dispatcher" });
const sinks = readAlertSinks((name) => Deno.env.get(name), { isHosted: false });
const { status } = await dispatch({ admin: adminDatabase(client) }, [], { sinks });
await client.close();
Deno.exit(status === "succeeded" ? 0 : 1);
