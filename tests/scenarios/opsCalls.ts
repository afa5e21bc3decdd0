import type { TestStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";

/** Calls one function and reads its answer, whatever it is. */
export function callsOf(stack: TestStack, name: string) {
  const ask = async (headers: Record<string, string>, method: string, input: Record<string, unknown> = {}) => {
    const isQuery = method === "GET" || method === "DELETE";
    const query = new URLSearchParams(Object.entries(input).map(([key, value]) => [key, String(value)]));
    const response = await stack.call(name, {
      method,
      query: isQuery && query.size > 0 ? `?${query}` : "",
      headers: { ...headers, ...(isQuery ? {} : { "content-type": "application/json" }) },
      ...(isQuery ? {} : { body: JSON.stringify(input) }),
    });
    // deno-lint-ignore no-explicit-any -- a body is whatever the test makes of it.
    return { status: response.status, body: await response.json() as any };
  };
  const operator = { apikey: stack.secretKey };
  return {
    ask,
    get: (input?: Record<string, unknown>) => ask(operator, "GET", input),
    post: (input?: Record<string, unknown>) => ask(operator, "POST", input),
    patch: (input?: Record<string, unknown>) => ask(operator, "PATCH", input),
    /** Those whom an operator's function is closed to: nobody, an app, a user. */
    strangers: async (): Promise<Record<string, string>[]> => [
      {},
      { apikey: stack.publishableKey },
      { authorization: `Bearer ${await userToken(stack.signingKey, { userId: "6f1c" })}` },
    ],
  };
}
