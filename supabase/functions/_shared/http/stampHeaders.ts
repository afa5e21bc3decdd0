/**
 * Sets headers on an answer. In place where that is possible (every answer made here): a rebuilt Response loses the
 * runtime's fast path for text bodies. An answer that came from `fetch` is immutable and is rebuilt.
 */
export function stampHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  try {
    const own = response.headers;
    for (const name in headers) own.set(name, headers[name]!);
    return response;
  } catch {
    const copy = new Response(response.body, response);
    for (const name in headers) copy.headers.set(name, headers[name]!);
    return copy;
  }
}
