import { join } from "node:path";
import type { JWK } from "jose";
import { makeApiKey } from "./apiKey.ts";
import { makeSigningKey, publicKeySet, type SigningKey } from "./signingKey.ts";

/** What is kept in `keys.json`. */
interface StoredKeys {
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly signingKey: SigningKey;
}

/** The keys of one local project. */
export interface ProjectKeys extends StoredKeys {
  /** The public half of the signing key. */
  readonly jwks: { readonly keys: JWK[] };
}

function parseKeys(text: string, path: string): StoredKeys {
  const hint = "delete it, and new keys are made at the next start";
  let keys: Partial<StoredKeys>;
  try {
    keys = JSON.parse(text);
  } catch (cause) {
    throw new Error(`Cannot read the keys as '${path}' is not JSON: ${hint}`, { cause });
  }
  const { publishableKey, secretKey, signingKey } = keys;
  if (!publishableKey || !secretKey || !signingKey?.d || !signingKey.kid) {
    throw new Error(`Cannot read the keys as '${path}' is not complete: ${hint}`);
  }
  return { publishableKey, secretKey, signingKey };
}

async function readOrMake(path: string): Promise<StoredKeys> {
  try {
    return parseKeys(await Deno.readTextFile(path), path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const [publishableKey, secretKey] = await Promise.all([makeApiKey("publishable"), makeApiKey("secret")]);
  const keys = { publishableKey, secretKey, signingKey: await makeSigningKey() };
  // Written beside and renamed: a start that is killed here leaves no half-written keys.
  const draft = `${path}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  await Deno.rename(draft, path);
  return keys;
}

/** The keys kept in `keys.json` of a folder, made at the first start: tokens and clients outlive a restart. */
export async function loadOrCreateKeys(folder: string): Promise<ProjectKeys> {
  await Deno.mkdir(folder, { recursive: true });
  const keys = await readOrMake(join(folder, "keys.json"));
  return { ...keys, jwks: publicKeySet(keys.signingKey) };
}
