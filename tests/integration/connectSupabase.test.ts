import { createClient } from "@supabase/supabase-js";
import { openConnector } from "../../supabase/functions/_shared/connect/openConnector.ts";
import { startPostgrestStandIn } from "../postgrest/postgrestStandIn.ts";
import { testConnector } from "./connectContract.ts";

testConnector({ name: "supabase-js" }, async (database) => {
  const standIn = await startPostgrestStandIn(database.url);
  const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
  const client = createClient(standIn.url, standIn.secretKey, { auth });
  return { connector: openConnector(client), [Symbol.asyncDispose]: () => standIn[Symbol.asyncDispose]() };
});
