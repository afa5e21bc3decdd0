import type { AiResult, AiStreamEvent } from "../../_shared/ai/client/aiClient.ts";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { type EventStream, eventStream, type ServerEvent } from "../../_shared/http/eventStream.ts";
import { problemOf } from "../../_shared/http/problem.ts";

/**
 * A model's stream as events: `text`, and `end` with the result or `error` with the problem. It waits for the first part, so that
 * what is refused before that is refused as any other request is. When the client leaves, the model is left.
 */
export async function streamCompletion(
  answer: AsyncIterable<AiStreamEvent>,
  toEnd: (result: AiResult) => unknown,
  { requestId, log }: Pick<RequestContext, "requestId" | "log">,
): Promise<EventStream> {
  const source = answer[Symbol.asyncIterator]();
  let first: IteratorResult<AiStreamEvent> | undefined = await source.next();
  let isOver = false;

  async function next(): Promise<IteratorResult<ServerEvent>> {
    if (isOver) return { done: true, value: undefined };
    try {
      const { done, value } = first ?? await source.next();
      first = undefined;
      if (done) return { done: true, value: undefined };
      if (value.kind === "text") return { done: false, value: { event: "text", data: { text: value.text } } };
      return { done: false, value: { event: "end", data: toEnd(value.result) } };
    } catch (error) {
      isOver = true;
      if (!(error instanceof AppError)) throw error;
      // The status has left as 200: the problem is an event like the others.
      log.warn("A model's stream broke off", { error });
      return { done: false, value: { event: "error", data: problemOf(error, requestId) } };
    }
  }

  // No generator: one that nobody has begun to read closes without closing its source.
  const events: AsyncIterator<ServerEvent> = {
    next,
    async return() {
      isOver = true;
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
  return eventStream({ [Symbol.asyncIterator]: () => events });
}
