import { importPKCS8, SignJWT } from "jose";
import type { Clock } from "../../_shared/time/clock.ts";
import { SinkError } from "./eventSink.ts";

/** A service account's key, as far as it is needed. */
export interface ServiceAccountKey {
  readonly email: string;
  readonly privateKeyPem: string;
  readonly keyId: string | undefined;
  readonly tokenUrl: URL;
}

/** Rows may be inserted, and nothing else done. */
const scope = "https://www.googleapis.com/auth/bigquery.insertdata";
/** A token is not used in its last minute: it could run out on the way. */
const marginMs = 60_000;

/** Gives access tokens of a service account, each for as long as it is good. */
export class BigQueryTokens {
  #known: { readonly token: string; readonly untilMs: number } | undefined;

  constructor(readonly key: ServiceAccountKey, readonly clock: Pick<Clock, "now">) {}

  /** The receiver did not accept it. */
  forget(): void {
    this.#known = undefined;
  }

  async get(signal: AbortSignal): Promise<string> {
    if (this.#known !== undefined && this.#known.untilMs > this.clock.now()) return this.#known.token;
    const assertion = await this.#sign();
    const response = await fetch(this.key.tokenUrl, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }),
      redirect: "manual",
      signal,
    }).catch(() => {
      throw new SinkError(signal.aborted ? "timeout" : "token_unreachable");
    });
    if (!response.ok) {
      await response.body?.cancel().catch(() => {});
      throw new SinkError(`token_http_${response.status}`, { status: response.status >= 500 ? response.status : 401 });
    }
    const answer: unknown = await response.json().catch(() => undefined);
    const { access_token: token, expires_in: seconds } = Object(answer) as Record<string, unknown>;
    if (typeof token !== "string" || typeof seconds !== "number") {
      throw new SinkError("token_unreadable", { status: 502 });
    }
    this.#known = { token, untilMs: this.clock.now() + seconds * 1_000 - marginMs };
    return token;
  }

  async #sign(): Promise<string> {
    const { email, privateKeyPem, keyId, tokenUrl } = this.key;
    const issuedAt = Math.floor(this.clock.now() / 1_000);
    const privateKey = await importPKCS8(privateKeyPem, "RS256").catch(() => {
      throw new SinkError("key_unreadable", { status: 401 });
    });
    return await new SignJWT({ scope })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) })
      .setIssuer(email).setAudience(tokenUrl.href).setIssuedAt(issuedAt).setExpirationTime(issuedAt + 3_600)
      .sign(privateKey);
  }
}
