import type { BootedFunction } from "../deployment/bootUpload.ts";

/** What a booted function said to a first request. */
export interface Answer {
  readonly ok: boolean;
  /** In a few words, for a table. */
  readonly text: string;
}

/**
 * Asks a booted function something that needs neither credentials nor a database, and judges the answer: a preflight
 * must be granted, and a GET must succeed or be refused with a problem of ours; anything else is not our function.
 */
export async function probe({ ask }: Pick<BootedFunction, "ask">): Promise<Answer> {
  const preflight = await ask({
    method: "OPTIONS",
    headers: { origin: "https://shop.example", "access-control-request-method": "GET" },
  });
  await preflight.body?.cancel();
  const isGranted = preflight.ok && preflight.headers.has("access-control-allow-origin");
  const get = await ask();
  const text = await get.text();
  const type = get.headers.get("content-type") ?? "";
  const code = type.startsWith("application/problem+json") ? (JSON.parse(text) as { code?: string }).code : undefined;
  const isOurs = get.ok || (code !== undefined && code !== "internal" && code !== "misconfigured");
  return { ok: isGranted && isOurs, text: `OPTIONS ${preflight.status}, GET ${get.status}${code ? ` ${code}` : ""}` };
}
