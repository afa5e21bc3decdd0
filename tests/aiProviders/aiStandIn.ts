import { anthropicProtocol } from "./anthropicProtocol.ts";
import { openaiProtocol } from "./openaiProtocol.ts";
import type { Protocol, ScriptedAnswer, SeenRequest } from "./scriptedAnswer.ts";

/** A server that speaks the protocols of Anthropic and of OpenAI, and answers what a test tells it to. */
export interface AiStandIn extends AsyncDisposable {
  /** Where Anthropic's SDK is pointed to. */
  readonly anthropicUrl: string;
  /** Where OpenAI's SDK, and our gateway, are pointed to. */
  readonly openaiUrl: string;
  /** Every request so far, in order. */
  readonly seen: SeenRequest[];
  /** Answers the next request, after those that were told before. Without any left it says hello. */
  next(answer: ScriptedAnswer): void;
  /** Answers all that come without being told, one after the other and again from the start. */
  always(...answers: readonly ScriptedAnswer[]): void;
}

/** Starts a stand-in on a free port. */
export function startAiStandIn(): AiStandIn {
  const queue: ScriptedAnswer[] = [];
  const seen: SeenRequest[] = [];
  let otherwise: readonly ScriptedAnswer[] = [{}];
  const stopping = new AbortController();
  const protocols = [anthropicProtocol, openaiProtocol];

  async function handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const protocol = protocols.find(({ path }) => path === pathname);
    if (protocol === undefined || request.method !== "POST") return new Response("Not found", { status: 404 });
    const body: unknown = await request.json();
    const left = Promise.withResolvers<void>();
    seen.push({ protocol: protocol.name, headers: request.headers, body, left: left.promise });
    const refused = protocol.refuse(request.headers, body);
    if (refused !== undefined) {
      return Response.json(protocol.errorBody(refused.status, refused.message), { status: refused.status });
    }
    const answer = queue.shift() ?? otherwise[seen.length % otherwise.length]!;
    const { fault } = answer;
    if (fault?.kind === "status") {
      const { status, headers = {} } = fault;
      return Response.json(protocol.errorBody(status, `A failure of kind ${status}`), { status, headers });
    }
    await answer.until;
    const isStreamed = (body as { stream?: boolean }).stream === true;
    if (fault?.kind === "hang" && !(isStreamed && fault.afterText)) {
      await new Promise((stop) => stopping.signal.addEventListener("abort", stop));
      return new Response(null, { status: 499 });
    }
    return isStreamed ? streamed(protocol, answer, body, left.resolve) : whole(protocol, answer, body);
  }

  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {}, onError: () => reset() }, handle);
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    anthropicUrl: url,
    openaiUrl: `${url}/v1`,
    seen,
    next: (answer) => void queue.push(answer),
    always: (...answers) => void (otherwise = answers),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await server.shutdown();
    },
  };
}

const reset = () => new Response(null, { status: 500 });

function whole(protocol: Protocol, answer: ScriptedAnswer, body: unknown): Response {
  const text = JSON.stringify(protocol.whole(answer, body));
  const headers = { "content-type": "application/json" };
  switch (answer.fault?.kind) {
    case "no_json":
      return new Response("<html>It works!</html>", { headers });
    case "other_json":
      return Response.json({ hello: "world" });
    case "short":
      return new Response(text.slice(0, text.length / 2), { headers });
    case "reset":
      return new Response(failing([text.slice(0, text.length / 2)]), { headers });
    default:
      return new Response(text, { headers });
  }
}

function streamed(protocol: Protocol, answer: ScriptedAnswer, body: unknown, onLeft: () => void): Response {
  const events = protocol.events(answer, body);
  const half = Math.ceil(events.length / 2);
  const begun = [...events.slice(0, half), events[half]!.slice(0, 12)];
  const headers = { "content-type": "text/event-stream" };
  const inPieces = (pieces: readonly string[]) =>
    new Response(ReadableStream.from(pieces).pipeThrough(new TextEncoderStream()), { headers });
  switch (answer.fault?.kind) {
    case "reset":
      return new Response(failing(begun), { headers });
    case "short":
      return inPieces(begun);
    case "no_json":
      return inPieces([...events.slice(0, half), events[half]!.replace(/data: .*/, "data: {oops")]);
    case "other_json":
      return inPieces([...events.slice(0, 1), events[1]!.replace(/data: .*/, "data: 7")]);
    case "error_event":
      return inPieces([...events.slice(0, half), protocol.errorEvent()]);
    case "hang":
      return new Response(hanging(events.slice(0, half), onLeft), { headers });
    default:
      return inPieces(events);
  }
}

/** Sends the pieces and resets the connection. */
function failing(pieces: readonly string[]): ReadableStream<Uint8Array> {
  const left = [...pieces];
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece === undefined) controller.error(new Error("The stand-in resets the connection"));
      else controller.enqueue(encoder.encode(piece));
    },
  });
}

/** Sends the pieces, and then nothing more until the client leaves. */
function hanging(pieces: readonly string[], onLeft: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece));
    },
    cancel: onLeft,
  });
}
