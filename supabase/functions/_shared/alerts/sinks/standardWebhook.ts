/** A secret that webhooks are signed with. */
export type SigningSecret = ReturnType<typeof Uint8Array.from>;

const prefix = "whsec_";

/**
 * Reads secrets as Standard Webhooks writes them: `whsec_` and base64 of 24 to 64 bytes. Several, with spaces between, all
 * sign: while a secret is replaced the receiver may know either.
 */
export function readSigningSecrets(text: string): SigningSecret[] {
  const secrets = text.trim().split(/[\s,]+/).map((written) => {
    if (!written.startsWith(prefix)) throw new TypeError(`Cannot read the secret as it must begin with '${prefix}'`);
    const secret = decode(written.slice(prefix.length));
    if (secret.length < 24 || secret.length > 64) {
      throw new TypeError(`Cannot read the secret as it must have 24 to 64 bytes: this one has ${secret.length}`);
    }
    return secret;
  });
  if (secrets.length > 5) throw new TypeError(`Cannot read the secrets as there are more than five: ${secrets.length}`);
  return secrets;
}

function decode(base64: string): SigningSecret {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    throw new TypeError("Cannot read the secret as what follows its prefix is not base64");
  }
}

/** The headers that prove to a receiver who sent `body`, and when. */
export async function standardWebhookHeaders(
  secrets: readonly SigningSecret[],
  { id, atMs, body }: { readonly id: string; readonly atMs: number; readonly body: string },
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(atMs / 1000));
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const signatures = await Promise.all(secrets.map((secret) => sign(secret, signed)));
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.map((signature) => `v1,${signature}`).join(" "),
  };
}

async function sign(secret: SigningSecret, text: ReturnType<TextEncoder["encode"]>): Promise<string> {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, text));
  return btoa(String.fromCharCode(...signature));
}
