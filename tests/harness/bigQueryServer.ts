import { exportPKCS8, generateKeyPair, jwtVerify } from "jose";
import { onFreePort } from "./onFreePort.ts";

/** A row that the table has. */
export interface StoredRow {
  readonly [column: string]: unknown;
}

/** What goes wrong with a request: an answer instead of the real one, or after the rows were stored. */
export type Mishap = { readonly answer: Response; readonly isStored?: boolean };

/** A server that speaks BigQuery's protocol, as far as `insertAll` needs it, and remembers what it was sent. */
export interface BigQueryServer extends AsyncDisposable {
  readonly url: string;
  /** A service account's key, as it is downloaded. */
  readonly keyJson: string;
  /** By `insertId`: a row that is sent again is the same row. */
  readonly rows: Map<string, StoredRow>;
  /** Bodies of requests that got as far as the table. */
  readonly requests: { readonly bytes: number; readonly ids: readonly string[] }[];
  tokensGiven: number;
  /** How long its tokens say that they are good. @default 3600 */
  tokenSeconds: number;
  /** Tokens given before are not accepted any more. */
  revokeTokens(): void;
  /** @default none */
  mishap: (ids: readonly string[]) => Mishap | undefined;
  /** Why a row does not fit. @default it does */
  invalid: (row: StoredRow) => { readonly reason: string; readonly location: string } | undefined;
}

const columns = new Set(
  ("event_id signal occurred_at received_at subject product_id vendor_id query list_id position results_shown quantity " +
    "strength context").split(" "),
);

/** An error in BigQuery's form. */
export function bigQueryError(status: number, reason: string, headers: HeadersInit = {}): Response {
  const error = { code: status, message: `secret details of ${reason}`, errors: [{ reason, domain: "global" }] };
  return Response.json({ error }, { status, headers });
}

/** Starts one with a table `shop-project.events.raw`. */
export async function bigQueryServer(): Promise<BigQueryServer> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  let valid = new Set<string>();
  const state = {
    rows: new Map<string, StoredRow>(),
    requests: [] as { bytes: number; ids: string[] }[],
    tokensGiven: 0,
    tokenSeconds: 3_600,
    revokeTokens: () => void (valid = new Set()),
    mishap: (_ids: readonly string[]): Mishap | undefined => undefined,
    invalid: (_row: StoredRow): { reason: string; location: string } | undefined => undefined,
  };
  const give = async (request: Request, tokenUrl: string) => {
    const form = new URLSearchParams(await request.text());
    const { payload } = await jwtVerify(form.get("assertion") ?? "", publicKey, {
      algorithms: ["RS256"],
      issuer: "writer@shop-project.iam.example",
      audience: tokenUrl,
    });
    if (payload.scope !== "https://www.googleapis.com/auth/bigquery.insertdata") return bigQueryError(400, "badScope");
    const token = `token-${++state.tokensGiven}`;
    valid.add(token);
    return Response.json({ access_token: token, expires_in: state.tokenSeconds, token_type: "Bearer" });
  };
  const insert = async (request: Request) => {
    const token = request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
    if (!valid.has(token)) return bigQueryError(401, "authError");
    const text = await request.text();
    const { rows, skipInvalidRows } = JSON.parse(text) as {
      rows: { insertId: string; json: StoredRow }[];
      skipInvalidRows?: boolean;
    };
    const ids = rows.map(({ insertId }) => insertId);
    state.requests.push({ bytes: text.length, ids });
    const mishap = state.mishap(ids);
    if (mishap !== undefined && !mishap.isStored) return mishap.answer;
    const insertErrors = rows.flatMap(({ json }, index) => {
      const unknown = Object.keys(json).find((column) => !columns.has(column));
      const problem = unknown === undefined ? state.invalid(json) : { reason: "invalid", location: unknown };
      return problem === undefined ? [] : [{ index, errors: [{ ...problem, message: `bad value ${json.query}` }] }];
    });
    const bad = new Set(insertErrors.map(({ index }) => index));
    if (bad.size === 0 || skipInvalidRows) {
      rows.forEach(({ insertId, json }, index) => void (bad.has(index) || state.rows.set(insertId, json)));
    }
    return mishap?.answer ??
      Response.json({ kind: "bigquery#tableDataInsertAllResponse", ...bad.size && { insertErrors } });
  };
  const server = await onFreePort((port) =>
    Promise.resolve(Deno.serve({ port, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/token") return await give(request, `http://127.0.0.1:${port}/token`);
      const isTable = pathname === "/bigquery/v2/projects/shop-project/datasets/events/tables/raw/insertAll";
      return isTable ? await insert(request) : bigQueryError(404, "notFound");
    }))
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  return Object.assign(state, {
    url,
    keyJson: JSON.stringify({
      type: "service_account",
      client_email: "writer@shop-project.iam.example",
      private_key_id: "k1",
      private_key: await exportPKCS8(privateKey),
      token_uri: `${url}/token`,
    }),
    [Symbol.asyncDispose]: () => server.shutdown(),
  });
}
