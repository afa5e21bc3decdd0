import { deepEqual } from "node:assert/strict";
import { TextLineStream } from "./textLineStream.ts";

Deno.test("lines come out whole, however the text was cut", async () => {
  const chunks = ReadableStream.from(["fir", "st\nsec", "ond\r\n\nlast"]);
  deepEqual(await Array.fromAsync(chunks.pipeThrough(new TextLineStream())), ["first", "second", "", "last"]);
});
