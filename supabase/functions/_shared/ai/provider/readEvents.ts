/** One event of a `text/event-stream`. */
export interface StreamedEvent {
  /** @default "message" */
  readonly event: string;
  readonly data: string;
}

/** Longer than any event a provider sends, and short enough that no stream fills the memory. */
const longestEvent = 1_000_000;

/**
 * Reads the events of a stream by the rules of the HTML standard: lines end with CR, LF or both, comments and unknown fields are
 * skipped, and an event that the end of the stream cuts off does not count. Whoever stops reading closes the stream.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamedEvent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let event = "";
  let data: string[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      for (let end = lineEnd(rest, done); end !== undefined; end = lineEnd(rest, done)) {
        const line = rest.slice(0, end.at);
        rest = rest.slice(end.next);
        if (line !== "") {
          size += line.length;
          const [name, text] = fieldOf(line);
          if (name === "event") event = text;
          else if (name === "data") data.push(text);
          continue;
        }
        if (data.length > 0) yield { event: event || "message", data: data.join("\n") };
        [event, data, size] = ["", [], 0];
      }
      if (done) return;
      if (size + rest.length > longestEvent) throw new RangeError("Cannot read an event as it is too long");
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A CR at the very end may be the first half of a line's end, unless nothing more comes. */
function lineEnd(text: string, isLast: boolean): { at: number; next: number } | undefined {
  const at = text.search(/[\r\n]/);
  if (at < 0) return undefined;
  if (text[at] === "\n") return { at, next: at + 1 };
  if (at + 1 === text.length && !isLast) return undefined;
  return { at, next: text[at + 1] === "\n" ? at + 2 : at + 1 };
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  const text = line.slice(colon + 1);
  return [line.slice(0, colon), text.startsWith(" ") ? text.slice(1) : text];
}
