/** SHA-256 in hex of a payload's keys, whatever their order. */
export async function keyShapeHash(keys: readonly string[]): Promise<string> {
  const text = JSON.stringify([...new Set(keys)].sort());
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
