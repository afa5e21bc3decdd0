/** An error as PostgREST answers it. */
export class RestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: string | null = null,
    readonly hint: string | null = null,
  ) {
    super(message);
  }

  toResponse(): Response {
    const { code, details, hint, message, status } = this;
    return Response.json({ code, details, hint, message }, {
      status,
      headers: { "proxy-status": `PostgREST; error=${code}` },
    });
  }
}

/** What Postgres's errors become; the statuses are those that PostgREST publishes. */
export function toRestError(error: unknown, isAnonymous: boolean): RestError {
  if (error instanceof RestError) return error;
  const { code = "XX000", message, detail, hint } = error as Record<string, string | undefined>;
  const status = statusOf(code, isAnonymous);
  return new RestError(status, code, message ?? String(error), detail ?? null, hint ?? null);
}

const exactStatuses: Readonly<Record<string, number>> = {
  "23503": 409,
  "23505": 409,
  "25006": 405,
  "53400": 500,
  "P0001": 400,
  "42883": 404,
  "42P01": 404,
  "42P17": 500,
};

const classStatuses: Readonly<Record<string, number>> = {
  "08": 503,
  "09": 500,
  "0L": 403,
  "0P": 403,
  "25": 500,
  "28": 403,
  "2D": 500,
  "38": 500,
  "39": 500,
  "3B": 500,
  "40": 500,
  "53": 503,
  "54": 500,
  "55": 500,
  "57": 500,
  "58": 500,
  "F0": 500,
  "HV": 500,
  "P0": 500,
  "XX": 500,
};

function statusOf(code: string, isAnonymous: boolean): number {
  if (code === "42501") return isAnonymous ? 401 : 403;
  return exactStatuses[code] ?? classStatuses[code.slice(0, 2)] ?? 400;
}
