import { expectCoercions } from "./testing/expectCoercions.ts";

Deno.test("bytes: only what says how it is written", () => {
  expectCoercions("bytea", {
    fits: [
      [new Uint8Array([0, 255]), "\\x00ff"],
      ["\\x00FF", "\\x00ff"],
      ["\\x", "\\x"],
      ["data:image/png;base64,AP8=", "\\x00ff"],
      [{ type: "Buffer", data: [0, 255] }, "\\x00ff"],
    ],
    refused: [
      ["AP8=", "ambiguous_bytes"],
      ["\\x0", "ambiguous_bytes"],
      ["text", "ambiguous_bytes"],
      ["data:;base64,AP9=", "ambiguous_bytes"],
      [{ type: "Buffer", data: [256] }, "unsupported_value"],
      [[0, 255], "unsupported_value"],
    ],
  });
});
