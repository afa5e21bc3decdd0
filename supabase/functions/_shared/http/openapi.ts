import type { FunctionContract, HttpMethod, MethodContract } from "./contract.ts";
import { openapiOperation } from "./openapiOperation.ts";
import { sessionKeyPattern } from "./sessionKey.ts";
import { OpenapiSchemas } from "./openapiSchemas.ts";

/** What the document says about itself. */
export interface OpenapiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

/** An OpenAPI 3.1 document. */
export interface OpenapiDocument {
  readonly openapi: "3.1.0";
  readonly info: OpenapiInfo;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const text = { schema: { type: "string" } };

const headers = {
  RequestId: { description: "Names this request in logs", ...text },
  ServerTiming: { description: "What the answer took, in milliseconds", ...text },
  RateLimitPolicy: { description: "The limit: `q` requests in `w` seconds", ...text },
  RateLimit: { description: "What is left of it: `r` requests, all of them again in `t` seconds", ...text },
  RetryAfter: { description: "Seconds until it is worth trying again", schema: { type: "integer" } },
  IdempotencyReplayed: { description: "`true` where this is the answer of an earlier request", ...text },
};

const parameters = {
  IdempotencyKey: {
    name: "idempotency-key",
    in: "header",
    description: "Names this change: for 24 hours a retry under the same key is answered with the first answer",
    schema: { type: "string", minLength: 1, maxLength: 255 },
  },
  SessionKey: {
    name: "x-session-key",
    in: "header",
    description: "Names the session of a client without an account: a random secret, made and kept by the client",
    schema: { type: "string", pattern: sessionKeyPattern.source },
  },
  LastEventId: {
    name: "last-event-id",
    in: "header",
    description: "The id of the last event that arrived before the stream broke off",
    ...text,
  },
};

const securitySchemes = {
  user: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "A signed-in user's access token" },
  publishable: { type: "apiKey", in: "header", name: "apikey", description: "A publishable key of the project" },
  secret: { type: "apiKey", in: "header", name: "apikey", description: "A secret key of the project: for servers" },
};

/** The OpenAPI 3.1 document of functions, out of their contracts alone. The same contracts give the same document. */
export function buildOpenapi(contracts: readonly FunctionContract[], info: OpenapiInfo): OpenapiDocument {
  const schemas = new OpenapiSchemas();
  const sorted = [...contracts].sort((a, b) => a.name < b.name ? -1 : 1);
  const paths = sorted.map((contract) => {
    const methods = Object.entries(contract.methods) as [HttpMethod, MethodContract][];
    const operations = methods.map(([method, definition]) => [
      method.toLowerCase(),
      openapiOperation(contract, method, definition, schemas),
    ]);
    return [`/${contract.name}`, Object.fromEntries(operations)];
  });
  return {
    openapi: "3.1.0",
    info,
    tags: sorted.map(({ name, summary }) => ({ name, description: summary })),
    paths: Object.fromEntries(paths),
    components: { securitySchemes, headers, parameters, schemas: schemas.components },
  };
}
