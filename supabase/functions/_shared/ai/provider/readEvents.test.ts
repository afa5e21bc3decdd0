import assert from "node:assert/strict";
import fc from "fast-check";
import { readEvents, type StreamedEvent } from "./readEvents.ts";

async function read(chunks: readonly Uint8Array[]): Promise<StreamedEvent[]> {
  const events: StreamedEvent[] = [];
  for await (const event of readEvents(ReadableStream.from(chunks))) events.push(event);
  return events;
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("events are read by the standard's rules: line ends, comments, several lines of data, one space", async () => {
  const text = ": hello\r\nevent: a\r\ndata: 1\r\ndata:2\r\rid: 7\ndata:  two\n\nevent: lonely\n\ndata: cut off";
  assert.deepEqual(await read([bytes(text)]), [{ event: "a", data: "1\n2" }, { event: "message", data: " two" }]);
});

Deno.test("wherever the chunks are cut, the events are the same", async () => {
  const whole = bytes("event: a\r\ndata: \u00e4\u{1f600}\r\n\r\ndata: b\n\n: c\n\ndata: d\r\r");
  const wanted = await read([whole]);
  assert.equal(wanted.length, 3);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 12 }), async (cuts) => {
      const places = [0, ...cuts.sort((one, other) => one - other), whole.length];
      const chunks = places.slice(1).map((end, index) => whole.slice(places[index], end));
      assert.deepEqual(await read(chunks), wanted);
    }),
  );
});

Deno.test("an event without an end is refused before it fills the memory", async () => {
  const line = bytes(`data: ${"x".repeat(300_000)}\n`);
  await assert.rejects(read([line, line, line, line]), /too long/);
});

Deno.test("whoever stops reading closes the stream", async () => {
  let isClosed = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytes("data: 1\n\n")),
    cancel: () => void (isClosed = true),
  });
  for await (const _ of readEvents(body)) break;
  assert.ok(isClosed);
});
