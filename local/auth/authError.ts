/** A failure of sign-in, by the code Supabase Auth has for it: clients branch on these. */
export class AuthError extends Error {
  readonly status: number;
  readonly code: string;
  /** What the answer carries besides code and message. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, extra: Record<string, unknown> = {}) {
    super(message);
    this.name = "AuthError";
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

const apiVersionHeader = "x-supabase-api-version";
const apiVersion = "2024-01-01";

/** The error as Supabase Auth writes it: the older shape, or the newer one for clients that ask for it. */
export function authErrorResponse(error: AuthError, request: Request): Response {
  const isNewer = (request.headers.get(apiVersionHeader) ?? "") >= apiVersion;
  const body = isNewer
    ? { code: error.code, message: error.message, ...error.extra }
    : { code: error.status, error_code: error.code, msg: error.message, ...error.extra };
  return Response.json(body, {
    status: error.status,
    headers: { "x-sb-error-code": error.code, ...(isNewer && { [apiVersionHeader]: apiVersion }) },
  });
}
