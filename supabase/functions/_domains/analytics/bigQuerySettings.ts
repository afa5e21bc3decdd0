import * as z from "zod";
import { sinkUrl } from "../../_shared/alerts/sinks/sinkUrl.ts";
import type { BigQuerySettings } from "./bigQuerySink.ts";

const AccountKey = z.object({
  client_email: z.string().min(1),
  private_key: z.string().includes("PRIVATE KEY"),
  private_key_id: z.string().optional(),
  token_uri: z.string().default("https://oauth2.googleapis.com/token"),
});

/** A project has hyphens and, in old ones, a domain before a colon; the others are words. */
const tableName = /^([a-z][a-z0-9.:-]{4,100})\.([A-Za-z0-9_]{1,1024})\.([A-Za-z0-9_-]{1,1024})$/;

/** Why BigQuery is not used as the environment has it; quotes no secret. */
export class BigQuerySettingsError extends TypeError {
  readonly code = "misconfigured";
}

/** BigQuery's table and key from the environment; undefined where it says nothing of either. */
export function readBigQuerySettings(
  env: (name: string) => string | undefined,
  options: { readonly isHosted: boolean },
): BigQuerySettings | undefined {
  const [table, keyText] = [env("BALLAST_BIGQUERY_TABLE"), env("BALLAST_BIGQUERY_KEY")];
  if (table === undefined && keyText === undefined) return undefined;
  const parts = tableName.exec(table ?? "");
  if (parts === null) {
    throw new BigQuerySettingsError("Cannot send events as 'BALLAST_BIGQUERY_TABLE' is not 'project.dataset.table'");
  }
  const key = AccountKey.safeParse(readJson(keyText));
  if (!key.success) {
    throw new BigQuerySettingsError("Cannot send events as 'BALLAST_BIGQUERY_KEY' is no service account's key in JSON");
  }
  const { client_email: email, private_key: privateKeyPem, private_key_id: keyId, token_uri: tokenUri } = key.data;
  const urlOf = (what: string, text: string) => {
    try {
      return sinkUrl(text, options);
    } catch {
      throw new BigQuerySettingsError(`Cannot send events as ${what} is no address that may be used`);
    }
  };
  return {
    project: parts[1]!,
    dataset: parts[2]!,
    table: parts[3]!,
    key: { email, privateKeyPem, keyId, tokenUrl: urlOf("the key's 'token_uri'", tokenUri) },
    baseUrl: urlOf("'BALLAST_BIGQUERY_URL'", env("BALLAST_BIGQUERY_URL") ?? "https://bigquery.googleapis.com"),
  };
}

function readJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
