/** The two kinds of API keys; neither is a JWT. */
export type ApiKeyKind = "publishable" | "secret";

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Makes a key of the shape Supabase gives out: a prefix, 22 random characters, 8 of a checksum. */
export async function makeApiKey(kind: ApiKeyKind): Promise<string> {
  const body = `sb_${kind}_${base64Url(crypto.getRandomValues(new Uint8Array(16)))}`;
  const checksum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body));
  return `${body}_${base64Url(new Uint8Array(checksum).slice(0, 6))}`;
}
