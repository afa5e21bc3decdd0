/** Runs a script in Redis: all that is needed of a client. */
export type RedisEval = (script: string, keys: readonly string[], args: readonly string[]) => Promise<unknown>;

/** The part of a RESP client such as ioredis. */
export interface RespClient {
  eval(script: string, keyCount: number, ...keysAndArgs: string[]): Promise<unknown>;
}

/** Scripts over a client's connection. */
export function respEval(client: RespClient): RedisEval {
  return (script, keys, args) => client.eval(script, keys.length, ...keys, ...args);
}

/** Where Upstash's REST interface is, or a proxy that speaks it. */
export interface UpstashRest {
  readonly url: string;
  readonly token: string;
  /** @default fetch */
  readonly fetch?: typeof fetch;
}

/** Scripts over Upstash's REST interface: no connection to keep, which suits short-lived isolates. */
export function upstashEval({ url, token, fetch: send = fetch }: UpstashRest): RedisEval {
  return async (script, keys, args) => {
    const response = await send(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(["EVAL", script, keys.length, ...keys, ...args]),
    });
    const answer = await response.json().catch(() => ({})) as { result?: unknown; error?: string };
    if (!response.ok || answer.error !== undefined) {
      throw new Error(
        `Cannot run a script in Redis as it answered ${response.status}: ${answer.error ?? "no reason given"}`,
      );
    }
    return answer.result;
  };
}
