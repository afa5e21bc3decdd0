import type { EdgeFunction } from "./contract.ts";

/**
 * Gives the GET answers of `inner` an entity tag, and answers 304 to whoever has that very answer: for documents that
 * rarely change. Stands around the whole function, as the answer's bytes are what the tag is of.
 */
export function withEntityTag(inner: EdgeFunction): EdgeFunction {
  return {
    contract: inner.contract,
    async fetch(request) {
      const isHead = request.method === "HEAD";
      if (request.method !== "GET" && !isHead) return await inner.fetch(request);
      const response = await inner.fetch(isHead ? new Request(request, { method: "GET" }) : request);
      if (response.status !== 200) return isHead ? await withoutBody(response) : response;
      const bytes = await response.arrayBuffer();
      const tag = await entityTag(bytes);
      const headers = new Headers(response.headers);
      headers.set("etag", tag);
      headers.set("cache-control", "no-cache"); // Keep it, but ask whether it still holds.
      if (!isKnown(request.headers.get("if-none-match"), tag)) {
        return new Response(isHead ? null : bytes, { status: 200, headers });
      }
      headers.delete("content-type");
      headers.delete("content-length");
      return new Response(null, { status: 304, headers });
    },
  };
}

async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}

async function entityTag(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).subarray(0, 16);
  return `"${Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
}

/** Weak comparison, as RFC 9110 wants it for If-None-Match. Our tags hold no comma, so a split will do. */
function isKnown(ifNoneMatch: string | null, tag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.split(",").some((known) => {
    const trimmed = known.trim();
    return trimmed === "*" || trimmed === tag || trimmed === `W/${tag}`;
  });
}
