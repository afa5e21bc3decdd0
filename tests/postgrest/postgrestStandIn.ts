import { jwtVerify } from "jose";
import postgres from "postgres";
import { RestError, toRestError } from "./restError.ts";
import { parseRestQuery } from "./restQuery.ts";
import { callSql, deleteSql, insertSql, type RestSql, type RestTarget, selectSql, updateSql } from "./restSql.ts";
import { SchemaCache } from "./schemaCache.ts";

/** A stand-in that listens; what it does not cover is in docs/decisions/connectors.md. */
export interface PostgrestStandIn extends AsyncDisposable {
  /** What supabase-js takes as the project's URL. */
  readonly url: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  /** Signs users' tokens (HS256). */
  readonly jwtSecret: string;
  /** Requests so far. */
  readonly requests: readonly { readonly method: string; readonly path: string }[];
  /** While set, requests are answered with this instead. */
  override: (() => Response | undefined) | undefined;
}

interface Claims {
  readonly role: string;
  readonly [claim: string]: unknown;
}

const schemas = ["public", "graphql_public"];

/** Starts an HTTP server that speaks the part of PostgREST that supabase-js needs for tables and functions. */
export async function startPostgrestStandIn(databaseUrl: string): Promise<PostgrestStandIn> {
  const sql = postgres(databaseUrl, { max: 4, onnotice: () => {}, prepare: false });
  const cache = new SchemaCache(sql);
  const keys = { publishableKey: "sb_publishable_standin", secretKey: "sb_secret_standin", jwtSecret: "s".repeat(40) };
  const requests: { method: string; path: string }[] = [];
  await cache.load();
  const { unlisten } = await sql.listen("pgrst", (payload) => {
    if (payload === "reload schema" || payload === "") cache.load().catch(() => {}); // The test has ended meanwhile.
  });
  const standIn = {
    ...keys,
    requests,
    override: undefined as PostgrestStandIn["override"],
    url: "",
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await unlisten();
      await sql.end({ timeout: 1 });
    },
  };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    requests.push({ method: request.method, path: new URL(request.url).pathname });
    const overridden = standIn.override?.();
    if (overridden !== undefined) return overridden;
    let role = "anon";
    try {
      const claims = await authenticate(request, keys);
      role = claims.role;
      return await answer(request, cache, sql, claims);
    } catch (error) {
      return toRestError(error, role === "anon").toResponse();
    }
  });
  standIn.url = `http://127.0.0.1:${server.addr.port}`;
  return standIn;
}

async function authenticate(request: Request, keys: { publishableKey: string; secretKey: string; jwtSecret: string }) {
  const bearer = request.headers.get("authorization")?.replace(/^Bearer /i, "");
  const token = bearer ?? request.headers.get("apikey");
  if (token === keys.secretKey) return { role: "service_role" };
  if (token === keys.publishableKey || token === undefined || token === null) return { role: "anon" };
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(keys.jwtSecret));
    return { role: "anon", ...payload } as Claims;
  } catch {
    throw new RestError(401, "PGRST301", "No suitable key or wrong key type");
  }
}

async function answer(request: Request, cache: SchemaCache, sql: postgres.Sql, claims: Claims): Promise<Response> {
  const { method, headers } = request;
  const url = new URL(request.url);
  const path = url.pathname.replace(/^\/rest\/v1\//, "").split("/").map(decodeURIComponent);
  const schema = headers.get(method === "GET" ? "accept-profile" : "content-profile") ?? "public";
  if (!schemas.includes(schema)) {
    const hint = `Only the following schemas are exposed: ${schemas.join(", ")}`;
    throw new RestError(406, "PGRST106", `Invalid schema: ${schema}`, null, hint);
  }
  const payload = method === "GET" || method === "DELETE" ? "" : await request.text();
  if (path[0] === "rpc") return await call(cache, sql, claims, schema, path[1] ?? "", payload);
  if (path.length !== 1) throw new RestError(404, "PGRST125", "Invalid path specified in request URL");
  const target = { schema, table: path[0]! };
  cache.columns(target.schema, target.table);
  const text = await runRows(sql, claims, statementOf(request, url, target, cache, payload));
  return respond(text, headers, method === "POST" ? 201 : 200);
}

function statementOf(request: Request, url: URL, target: RestTarget, cache: SchemaCache, payload: string): RestSql {
  const query = parseRestQuery(url.searchParams);
  switch (request.method) {
    case "GET":
      return selectSql(target, query);
    case "DELETE":
      return deleteSql(target, query);
    case "POST":
    case "PATCH":
      break;
    default:
      throw new RestError(405, "PGRST117", `Unsupported HTTP method: ${request.method}`);
  }
  const parsed = parsePayload(payload);
  const first = Array.isArray(parsed) ? parsed[0] ?? {} : parsed;
  const names = query.columns ?? Object.keys(first as object);
  if (query.columns === undefined && Array.isArray(parsed)) {
    const shape = Object.keys(first as object).toSorted().join("\0");
    if (parsed.some((row) => Object.keys(row).toSorted().join("\0") !== shape)) {
      throw new RestError(400, "PGRST102", "All object keys must match");
    }
  }
  const columns = cache.payloadColumns(target.schema, target.table, names);
  if (request.method === "PATCH") return updateSql(target, query, columns, payload);
  const prefer = request.headers.get("prefer") ?? "";
  const resolution = /resolution=(merge|ignore)-duplicates/.exec(prefer)?.[1] as "merge" | "ignore" | undefined;
  return insertSql(target, query, { columns, hasDefaults: prefer.includes("missing=default"), resolution, payload });
}

function parsePayload(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    throw new RestError(400, "PGRST102", "Empty or invalid json");
  }
}

async function call(
  cache: SchemaCache,
  sql: postgres.Sql,
  claims: Claims,
  schema: string,
  name: string,
  payload: string,
) {
  const names = Object.keys(payload === "" ? {} : parsePayload(payload) as object);
  const fn = cache.function(schema, name, names);
  const { text, values } = callSql(fn, names, payload === "" ? "{}" : payload);
  const scalar = fn.returns === "row" ? "to_json(t)" : "to_json(t.pgrst_scalar)";
  const answered = await run(sql, claims, {
    text: fn.returnsSet
      ? `select coalesce(json_agg(${scalar}), '[]')::text as body from (${text}) t`
      : `select coalesce((json_agg(${scalar}) -> 0)::text, 'null') as body from (${text}) t`,
    values,
  });
  return fn.returns === "void" ? new Response(null, { status: 204 }) : respond(answered, new Headers(), 200);
}

async function runRows(sql: postgres.Sql, claims: Claims, { text, values }: RestSql): Promise<string> {
  return await run(sql, claims, {
    text: `with pgrst_source as (${text}) select coalesce(json_agg(t), '[]')::text as body from pgrst_source t`,
    values,
  });
}

async function run(sql: postgres.Sql, claims: Claims, { text, values }: RestSql): Promise<string> {
  return await sql.begin(async (tx) => {
    await tx`select set_config('role', ${claims.role}, true), set_config('request.jwt.claims', ${
      JSON.stringify(claims)
    }, true)`;
    const [row] = await tx.unsafe(text, values.map((value) => tx.typed(value as never, 705)) as never[]);
    return String(row!.body);
  }) as string;
}

function respond(body: string, headers: Headers, status: number): Response {
  const type = { "content-type": "application/json; charset=utf-8" };
  if (!headers.get("accept")?.startsWith("application/vnd.pgrst.object")) {
    const isMinimal = !/return=representation/.test(headers.get("prefer") ?? "return=representation") && status === 201;
    return isMinimal ? new Response(null, { status }) : new Response(body, { status, headers: type });
  }
  const rows = JSON.parse(body) as unknown[];
  if (rows.length === 1) return new Response(JSON.stringify(rows[0]), { status, headers: type });
  const details = `The result contains ${rows.length} rows`;
  throw new RestError(406, "PGRST116", "Cannot coerce the result to a single JSON object", details);
}
