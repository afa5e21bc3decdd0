import assert from "node:assert/strict";
import { type ErrorCode, errorRegistry } from "../../supabase/functions/_shared/errors/errorRegistry.ts";

/** What only an inside knows: stacks, paths, and the words of drivers and libraries. */
const inside =
  /node_modules|\.ts\b|\bat (async )?[\w.]+ \(|file:\/\/|Zod|SyntaxError|TypeError|Unexpected (token|end)|position \d|PostgresError|SQLSTATE|JOSE|ERR_|JWS|jose/;

/** Does `text` have words of the inside? What a client has sent itself may come back, and then tells nothing. */
export const tellsOfInside = (text: string): boolean => inside.test(text);

/** The answer is the problem `code`, says nothing of the inside, and came before any use case ran. */
export async function assertProblem(response: Response, code: ErrorCode, what: string): Promise<void> {
  const text = await response.text();
  const about = `${what}: ${response.status} ${text.slice(0, 500)}`;
  assert.equal(response.headers.get("content-type"), "application/problem+json", about);
  const problem = JSON.parse(text) as Record<string, unknown>;
  assert.equal(problem.code, code, about);
  const { status, title, details } = { details: undefined, ...errorRegistry[code] };
  assert.deepEqual([response.status, problem.status, problem.title], [status, status, title], about);
  assert.equal(typeof problem.detail, "string", about);
  assert.equal(typeof problem.requestId, "string", about);
  if (details !== undefined) assert.ok(details.safeParse(problem.details).success, about);
  assert.ok(!tellsOfInside(text), about);
  assert.doesNotMatch(response.headers.get("server-timing") ?? "", /use-case/, `${about}: a use case ran`);
  if (status === 401) assert.ok(response.headers.has("www-authenticate"), about);
  if (status === 405) assert.ok(response.headers.has("allow"), about);
}
