/** Who asks, as far as it was proven. Each kind has only what was proven of it. */
export type Caller =
  | {
    readonly kind: "user";
    readonly userId: string;
    /** The Postgres role the caller's rows are seen under. */
    readonly role: "authenticated" | "anon";
    readonly isAnonymous: boolean;
    readonly email?: string;
    readonly claims: Readonly<Record<string, unknown>>;
    readonly clientAddress: string;
  }
  | { readonly kind: "publishable"; readonly keyName: string; readonly clientAddress: string }
  | { readonly kind: "secret"; readonly keyName: string; readonly clientAddress: string }
  | { readonly kind: "none"; readonly clientAddress: string };
