import { AppError } from "../errors/appError.ts";
import type { Bytes } from "./bytes.ts";

/**
 * Reads a body of at most `limitBytes`, counting while it streams: a `Content-Length` may be absent or lie. What is over
 * the limit is never held; the sender is cut off.
 */
export async function readBody(request: Request, limitBytes: number): Promise<Bytes> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > limitBytes) {
    await request.body?.cancel();
    throw tooLarge(limitBytes);
  }
  if (request.body === null) return new Uint8Array(0);
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > limitBytes) {
      await reader.cancel();
      throw tooLarge(limitBytes);
    }
    chunks.push(value);
  }
  const only = chunks[0];
  if (chunks.length === 1 && only !== undefined && only.buffer instanceof ArrayBuffer) {
    return only as Bytes;
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

function tooLarge(limitBytes: number): AppError<"body_too_large"> {
  return new AppError("body_too_large", `Cannot read the body as it is larger than ${limitBytes} bytes`, {
    details: { limitBytes },
    headers: { connection: "close" },
  });
}
