import { createECDH } from "node:crypto";
import { Buffer } from "node:buffer";

/** A key set with one fresh ES256 key that signed nothing: any token is refused. */
function keySet(): string {
  const curve = createECDH("prime256v1");
  const point = curve.generateKeys() as Buffer;
  const coordinate = (start: number) => point.subarray(start, start + 32).toString("base64url");
  const key = {
    kty: "EC",
    crv: "P-256",
    alg: "ES256",
    use: "sig",
    kid: "rehearsal",
    x: coordinate(1),
    y: coordinate(33),
  };
  return JSON.stringify({ keys: [key] });
}

/** The environment of the hosted runtime, for a project that is nowhere; its database refuses connections. */
export function hostedEnv(): Record<string, string> {
  return {
    SUPABASE_URL: "http://127.0.0.1:9",
    SUPABASE_DB_URL: "postgres://postgres:none@127.0.0.1:9/postgres",
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: "sb_publishable_rehearsal" }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: "sb_secret_rehearsal" }),
    SUPABASE_JWKS: keySet(),
    SB_REGION: "eu-central-1",
    SB_EXECUTION_ID: crypto.randomUUID(),
  };
}
