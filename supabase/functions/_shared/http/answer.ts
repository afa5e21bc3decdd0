import type * as z from "zod";
import { AppError } from "../errors/appError.ts";
import { errorText } from "../errors/errorText.ts";
import type { Clock } from "../time/clock.ts";
import type { MethodContract } from "./contract.ts";
import { isEventStream } from "./eventStream.ts";
import { eventStreamResponse } from "./eventStreamResponse.ts";
import type { RequestDeadline } from "./requestDeadline.ts";
import { isTextAnswer, textResponse } from "./textAnswer.ts";

/** Makes an answer of a result. */
export type Answerer = (result: unknown, deadline: RequestDeadline, clock: Clock) => Response;

/** Makes answers of a method's results: checked against its contract, as JSON or events, and not to be cached. */
export function answerer(contract: Pick<MethodContract, "output" | "status" | "streams" | "textType">): Answerer {
  const { output, streams = false } = contract;
  if (streams === true) {
    return (result, deadline, clock) => {
      if (isEventStream(result)) return eventStreamResponse(result, deadline, clock);
      throw new AppError("invalid_output", "Cannot answer as the contract promises a stream of events");
    };
  }
  if (output === undefined) {
    const status = contract.status ?? 204;
    return (result) => {
      if (result !== undefined && result !== null) {
        throw new AppError("invalid_output", "Cannot answer as the contract promises no output");
      }
      return new Response(null, { status, headers: { "cache-control": "no-store" } });
    };
  }
  const status = contract.status ?? 200;
  const { textType } = contract;
  if (textType !== undefined) {
    return (result) =>
      isTextAnswer(result) ? textResponse(result, textType, status) : jsonAnswer(fitting(output, result), status);
  }
  if (streams === "on-request") {
    return (result, deadline, clock) =>
      isEventStream(result)
        ? eventStreamResponse(result, deadline, clock)
        : jsonAnswer(fitting(output, result), status);
  }
  return (result) => jsonAnswer(fitting(output, result), status);
}

function fitting(output: z.ZodType, result: unknown): unknown {
  const parsed = output.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_output", "Cannot answer as the result does not fit the contract", {
    cause: new Error(errorText(parsed.error)),
  });
}

function jsonAnswer(value: unknown, status: number): Response {
  if (status !== 200 || value === undefined) {
    return new Response(JSON.stringify(value), {
      status,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
    });
  }
  // With headers of its own an answer is made twice in Deno 2.9: natively, which the first stamp throws away again.
  const response = Response.json(value);
  response.headers.set("cache-control", "no-store");
  return response;
}
