import { type ErrorCode, errorRegistry } from "../errors/errorRegistry.ts";
import type { AuthMode, FunctionContract, HttpMethod, MethodContract } from "./contract.ts";
import { problemCodes, problemSchema } from "./openapiProblems.ts";
import type { JsonSchema, OpenapiSchemas } from "./openapiSchemas.ts";

/** One operation of the document. */
export type OpenapiOperation = Readonly<Record<string, unknown>>;

const header = (name: string) => ({ $ref: `#/components/headers/${name}` });
const parameter = (name: string) => ({ $ref: `#/components/parameters/${name}` });

/** What one method of a function is in the document. */
export function openapiOperation(
  contract: FunctionContract,
  method: HttpMethod,
  definition: MethodContract,
  schemas: OpenapiSchemas,
): OpenapiOperation {
  const id = operationId(contract.name, method);
  const input = definition.input === undefined ? undefined : schemas.add(`${id}Input`, definition.input, "input");
  const takesQuery = method === "GET" || method === "DELETE";
  const parameters = [
    ...(takesQuery && input !== undefined ? queryParameters(schemas.components[`${id}Input`]!, input) : []),
    ...(definition.idempotent === true ? [parameter("IdempotencyKey")] : []),
    ...(definition.streams === true ? [parameter("LastEventId")] : []),
    ...((definition.auth ?? contract.auth).some(isOpenToApps) ? [parameter("SessionKey")] : []),
  ];
  return {
    operationId: id,
    summary: definition.summary ?? contract.summary,
    tags: [contract.name],
    security: (definition.auth ?? contract.auth).map(requirement),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(takesQuery || input === undefined ? {} : {
      requestBody: {
        required: definition.input?.safeParse(undefined).success !== true,
        content: { "application/json": { schema: input } },
      },
    }),
    responses: {
      ...success(id, definition, schemas),
      ...problems(problemCodes(contract, method, definition), definition, schemas),
    },
  };
}

/** May those who have no secret call it: then a session may say whose it is. */
function isOpenToApps(mode: AuthMode): boolean {
  return /^(user|publishable)(:|$)/.test(mode);
}

/** `ops-flags` and GET give `opsFlagsGet`: a name for the method of a client. */
export function operationId(name: string, method: HttpMethod): string {
  const words = [...name.split(/[-_]+/).filter((word) => word !== ""), method.toLowerCase()];
  return words.map((word, index) => index === 0 ? lowerFirst(word) : upperFirst(word)).join("");
}

const lowerFirst = (word: string) => word.charAt(0).toLowerCase() + word.slice(1);
const upperFirst = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function requirement(mode: AuthMode): Record<string, string[]> {
  const [scheme, keyName] = mode.split(":") as [string, string?];
  if (scheme === "none") return {};
  // OpenAPI 3.1 lets any scheme list role names: here, the name of the key that is wanted.
  return { [scheme]: keyName === undefined || keyName === "*" ? [] : [keyName] };
}

function queryParameters(schema: JsonSchema, reference: JsonSchema): JsonSchema[] {
  const { type, properties, required = [] } = schema as {
    type?: string;
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  if (type !== "object" || properties === undefined) {
    return [{ name: "query", in: "query", style: "form", explode: true, schema: reference }];
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(typeof property.description === "string" ? { description: property.description } : {}),
    schema: property,
  }));
}

function success(id: string, definition: MethodContract, schemas: OpenapiSchemas): Record<string, JsonSchema> {
  const { output, streams = false, textType, status = output === undefined && !streams ? 204 : 200 } = definition;
  const events = { "text/event-stream": { schema: { type: "string" } } };
  const json = () => ({ "application/json": { schema: schemas.add(`${id}Output`, output!, "output") } });
  const content = streams === true ? events : output === undefined ? undefined : {
    ...json(),
    ...streams === "on-request" ? events : {},
    ...textType === undefined ? {} : { [textType]: { schema: { type: "string" } } },
  };
  return {
    [status]: {
      description: streams === true ? "A stream of server-sent events" : content === undefined ? "Done" : "The answer",
      headers: {
        "x-request-id": header("RequestId"),
        "server-timing": header("ServerTiming"),
        ...rateLimitHeaders(definition),
        ...(definition.idempotent === true ? { "idempotency-replayed": header("IdempotencyReplayed") } : {}),
      },
      ...(content === undefined ? {} : { content }),
    },
  };
}

function rateLimitHeaders({ rateLimit }: MethodContract): Record<string, JsonSchema> {
  if (rateLimit === undefined) return {};
  return { "ratelimit-policy": header("RateLimitPolicy"), ratelimit: header("RateLimit") };
}

function problems(
  codes: ErrorCode[],
  definition: MethodContract,
  schemas: OpenapiSchemas,
): Record<string, JsonSchema> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = errorRegistry[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const answers = [...byStatus].sort(([a], [b]) => a - b).map(([status, ofStatus]) => {
    const variants = ofStatus.map((code) => problemSchema(code, schemas));
    const retries = status === 409 || status === 429 || status === 503;
    return [String(status), {
      description: ofStatus.map((code) => errorRegistry[code].title).join("; "),
      headers: {
        "x-request-id": header("RequestId"),
        ...(status === 429 ? rateLimitHeaders(definition) : {}),
        ...(retries ? { "retry-after": header("RetryAfter") } : {}),
      },
      content: { "application/problem+json": { schema: variants.length === 1 ? variants[0] : { oneOf: variants } } },
    }];
  });
  return {
    ...Object.fromEntries(answers),
    default: {
      description: "Any other failure",
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    },
  };
}
