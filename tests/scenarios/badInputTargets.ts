import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { listFunctions } from "../../local/gateway/functionTable.ts";
import type {
  AuthMode,
  EdgeFunction,
  FunctionContract,
  HttpMethod,
  MethodContract,
} from "../../supabase/functions/_shared/http/contract.ts";
import type { TestStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";

/** A kind of credentials, whatever the name of its key. */
export type CredentialKind = "none" | "publishable" | "user" | "secret";

/** One method of one function, as a caller with bad intentions sees it. */
export interface Target {
  readonly stack: TestStack;
  readonly name: string;
  readonly method: HttpMethod;
  readonly contract: MethodContract;
  readonly accepts: ReadonlySet<CredentialKind>;
  readonly takesBody: boolean;
}

/** The contracts of all functions in a folder, found as the gateway finds them: a new function is covered by itself. */
export async function readContracts(folder: string): Promise<FunctionContract[]> {
  return await Promise.all(
    listFunctions(folder).map(async (name) => {
      const module = await import(pathToFileURL(join(folder, name, "index.ts")).href) as { default: EdgeFunction };
      return module.default.contract;
    }),
  );
}

/** Every method of a function. */
export function targetsOf(stack: TestStack, { name, auth, methods }: FunctionContract): Target[] {
  return (Object.entries(methods) as [HttpMethod, MethodContract][]).map(([method, contract]) => ({
    stack,
    name,
    method,
    contract,
    accepts: new Set((contract.auth ?? auth).map((mode: AuthMode) => mode.split(":")[0] as CredentialKind)),
    takesBody: method !== "GET" && method !== "DELETE",
  }));
}

/** Credentials of a kind: valid, and for users and visitors a new caller each time, with rate limits of their own. */
export async function credentials(stack: TestStack, kind: CredentialKind): Promise<Record<string, string>> {
  const [one, two] = crypto.getRandomValues(new Uint8Array(2));
  const address = { "x-forwarded-for": `198.51.${one}.${two}` };
  switch (kind) {
    case "none":
      return address;
    case "publishable":
      return { ...address, apikey: stack.publishableKey };
    case "secret":
      return { apikey: stack.secretKey };
    case "user":
      return { apikey: stack.publishableKey, authorization: `Bearer ${await userToken(stack.signingKey)}` };
  }
}

/** Credentials that open the target, those first whose callers are many. */
export async function goodCredentials(target: Target): Promise<Record<string, string>> {
  const kinds: CredentialKind[] = ["none", "publishable", "user", "secret"];
  return await credentials(target.stack, kinds.find((kind) => target.accepts.has(kind)) ?? "secret");
}

/** How many requests one caller may make of the target before the rate limit answers instead. */
export function requestBudget({ contract, accepts }: Target): number {
  const isOneCaller = accepts.size === 1 && accepts.has("secret");
  return isOneCaller ? contract.rateLimit?.limit ?? Infinity : Infinity;
}

/** The names of the fields a target takes. */
export function fieldNames({ contract: { input } }: Target): string[] {
  if (input === undefined) return [];
  const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  return Object.keys(schema.properties ?? {});
}

/** Would the contract take this input? */
export function isAccepted({ contract: { input } }: Target, value: unknown): boolean {
  return (input ?? z.strictObject({})).safeParse(value).success;
}
