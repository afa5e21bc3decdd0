import { parseArgs } from "node:util";
import { normalizeEmail } from "./credentialRules.ts";

/** What `local/token.ts` was asked for. */
export type TokenOptions =
  | { readonly isHelp: true }
  | {
    readonly isHelp: false;
    readonly email: string;
    /** Where the stack keeps its files; absent: `.ballast` of the checkout. */
    readonly home?: string;
  };

/** What `--help` prints. */
export const tokenHelpText = `Prints a user's token, good for an hour, from the running stack.

  --user <email>   whose; made if there is none yet
  --home <folder>  where the stack keeps its files (default .ballast)
  --help           show this`;

/** Reads the command line; throws an error that names the flag at fault. */
export function parseTokenOptions(args: readonly string[]): TokenOptions {
  const { values, positionals } = readFlags(args);
  if (values.help) return { isHelp: true };
  if (positionals.length > 0) throw new Error(`Cannot mint a token as "${positionals[0]}" is not a flag: see '--help'`);
  if (values.user === undefined) throw new Error("Cannot mint a token as '--user <email>' is missing");
  try {
    const email = normalizeEmail(values.user);
    return { isHelp: false, email, ...(values.home === undefined ? {} : { home: values.home }) };
  } catch (cause) {
    throw new Error(`Cannot mint a token as '--user' must be an e-mail address: got "${values.user}"`, { cause });
  }
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { user: { type: "string" }, home: { type: "string" }, help: { type: "boolean", default: false } },
    });
  } catch (cause) {
    throw new Error(`Cannot mint a token as a flag is not used rightly: ${(cause as Error).message}`, { cause });
  }
}
