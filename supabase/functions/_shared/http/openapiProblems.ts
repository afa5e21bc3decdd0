import { type ErrorCode, type ErrorKind, errorRegistry } from "../errors/errorRegistry.ts";
import type { AuthMode, FunctionContract, HttpMethod, MethodContract } from "./contract.ts";
import type { JsonSchema, OpenapiSchemas } from "./openapiSchemas.ts";
import { problemType } from "./problem.ts";

/** The codes that the layers around a method's use case can answer with, besides what the use case throws itself. */
export function problemCodes(contract: FunctionContract, method: HttpMethod, definition: MethodContract): ErrorCode[] {
  const modes = definition.auth ?? contract.auth;
  const takesBody = method !== "GET" && method !== "DELETE";
  const codes: (ErrorCode | false)[] = [
    ...credentialCodes(modes),
    "forbidden",
    "invalid_input",
    ...(takesBody ? ["malformed_json", "malformed_utf8", "unsupported_media_type", "body_too_large"] as const : []),
    definition.rateLimit !== undefined && "rate_limited",
    ...(definition.idempotent === true
      ? ["invalid_idempotency_key", "idempotency_key_reused", "request_in_progress", "conflict"] as const
      : []),
    "internal",
    "misconfigured",
    "invalid_output",
    "database_unavailable",
    "overloaded",
    "deadline_exceeded",
  ];
  return codes.filter((code) => code !== false);
}

function credentialCodes(modes: readonly AuthMode[]): ErrorCode[] {
  const takesUsers = modes.includes("user");
  const takesKeys = modes.some((mode) => mode !== "user" && mode !== "none");
  const isOpen = modes.includes("none");
  return [
    ...(isOpen ? [] : ["missing_credentials"] as const),
    ...(takesUsers ? ["invalid_token", "expired_token", "auth_unavailable"] as const : []),
    ...(takesKeys && !isOpen ? ["invalid_api_key"] as const : []),
    ...(takesUsers || !isOpen ? ["wrong_credentials"] as const : []),
  ];
}

/** The reference to a code's problem; its schema is added at the first use. */
export function problemSchema(code: ErrorCode, schemas: OpenapiSchemas): JsonSchema {
  const name = `Problem_${code}`;
  schemas.components.Problem ??= baseProblem;
  if (schemas.components[name] === undefined) {
    const { status, title, details }: ErrorKind = errorRegistry[code];
    const own = {
      type: { const: problemType(code) },
      title: { const: title },
      status: { const: status },
      code: { const: code },
    };
    schemas.components[name] = {
      allOf: [
        { $ref: "#/components/schemas/Problem" },
        details === undefined ? { type: "object", properties: own } : {
          type: "object",
          properties: { ...own, details: schemas.add(`${name}_details`, details, "output") },
          required: ["details"],
        },
      ],
    };
  }
  return { $ref: `#/components/schemas/${name}` };
}

const baseProblem: JsonSchema = {
  description: "RFC 9457. `code` and `details` are for programs, `detail` is for people.",
  type: "object",
  properties: {
    type: { type: "string", format: "uri" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    instance: { type: "string", format: "uri" },
    code: { enum: Object.keys(errorRegistry) },
    requestId: { type: "string" },
    details: {},
  },
  required: ["type", "title", "status", "detail", "code"],
};
