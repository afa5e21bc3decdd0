import { supabaseEnv } from "../platform/supabaseEnv.ts";

/** The answer of a function that was woken. */
export interface WakeAnswer {
  readonly httpStatus: number;
  /** The JSON it answered with; undefined where that was none. */
  readonly body: unknown;
}

/** Whom to wake, and for what. */
export interface WakeCall {
  readonly functionName: string;
  readonly job: string;
  readonly scheduledFor: Date;
  readonly isDryRun: boolean;
  readonly signal: AbortSignal;
}

/** Where functions are, and the key that opens them; both are the project's own. */
export interface WakeOptions {
  /** @default the project's */
  readonly url?: string;
  /** @default the first of the project's secret keys */
  readonly secretKey?: string;
  /** @default the platform's */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/**
 * Posts the wake-up that a scheduler would: the claim, and so who works, is decided where it always is. Unlike a wake-up
 * through pg_net it has an answer. The address is the project's own; of the request only the function's name is a variable,
 * and a CHECK lets no schedule have one that is a path.
 */
export async function wakeOverHttp(
  { functionName, job, scheduledFor, isDryRun, signal }: WakeCall,
  options: WakeOptions = {},
): Promise<WakeAnswer> {
  const { url = supabaseEnv().url, secretKey = firstSecretKey(), fetch: send = fetch } = options;
  const request = new Request(`${url.replace(/\/+$/, "")}/functions/v1/${encodeURIComponent(functionName)}`, {
    method: "POST",
    headers: { "content-type": "application/json", apikey: secretKey },
    body: JSON.stringify({ job, scheduledFor: scheduledFor.toISOString(), ...(isDryRun ? { dryRun: true } : {}) }),
    redirect: "error", // The key goes nowhere else.
    signal,
  });
  const response = await send(request);
  const body: unknown = await response.json().catch(() => undefined);
  return { httpStatus: response.status, body };
}

function firstSecretKey(): string {
  const { default: named, ...others } = supabaseEnv().secretKeys;
  const key = named ?? Object.values(others)[0];
  if (key === undefined) throw new Error("Cannot wake a job as the project has no secret key");
  return key;
}
