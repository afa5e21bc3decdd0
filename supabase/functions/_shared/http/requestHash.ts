const encoder = new TextEncoder();

/** A request's SHA-256 in hex: method, path with query, and the bytes of the body. */
export async function requestHash(request: Request, body: Uint8Array): Promise<string> {
  const { pathname, search } = new URL(request.url);
  const head = encoder.encode(`${request.method}\n${pathname}${search}\n`);
  const bytes = new Uint8Array(head.byteLength + body.byteLength);
  bytes.set(head);
  bytes.set(body, head.byteLength);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
