/** Kinds of texts that neither a log nor a model may see. */
export type CommonSecretKind = "token" | "key" | "credentials" | "email";

/** What one kind of secret looks like. A group named `before` is not part of the secret. */
export interface SecretPattern {
  readonly kind: CommonSecretKind;
  readonly pattern: RegExp;
  /** What a log says instead. */
  readonly label: string;
}

const of = (kind: CommonSecretKind, label: string, pattern: RegExp): SecretPattern => ({ kind, label, pattern });

// Every pattern's parts are bounded: unbounded ones took 6 s on 40 texts of 5,000 characters without an @.
/** Keys, tokens, credentials and e-mail addresses, in the order they are looked for. */
export const secretPatterns: readonly SecretPattern[] = [
  of("token", "[jwt]", /\beyJ[\w-]{8,}\.[\w-]{8,}(\.[\w-]*)?/g),
  of("key", "[secret key]", /\bsb_secret_[\w-]+/g),
  of("key", "[publishable key]", /\bsb_publishable_[\w-]+/g),
  of("key", "[access token]", /\bsb[pv]_[\w-]{16,}/g),
  of("key", "[api key]", /\b(?:sk|pk|rk)-[\w-]{16,}/g),
  of("key", "[api key]", /\b(?:(?:sk|pk|rk)_(?:live|test)|whsec|gh[pousr]|github_pat)_\w{10,255}/g),
  of("key", "[api key]", /\b(?:AIza[\w-]{30,45}|AKIA[0-9A-Z]{16}|xox[abprs]-[\w-]{10,255})/g),
  of("key", "[private key]", /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\w\s+/=-]{0,8000}/g),
  of("credentials", "[credentials]", /(?<before>\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}/gi),
  of(
    "credentials",
    "[credentials]",
    /(?<before>\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@:]{0,200}:[^\s/@]{0,200}(?=@)/gi,
  ),
  of("email", "[email]", /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+/gi),
];
