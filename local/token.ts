/** Prints a user's token for curl: `deno task token --user <email>`. Nothing else goes to standard output. */
import { dirname, join, resolve } from "node:path";
import { print, printError } from "../tools/print.ts";
import { AccessTokens } from "./auth/accessToken.ts";
import { AuthService } from "./auth/authService.ts";
import { parseTokenOptions, tokenHelpText } from "./auth/tokenOptions.ts";
import { connect } from "./database/connect.ts";
import { loadOrCreateKeys } from "./keys/projectKeys.ts";
import { findRunningStack } from "./stack/stackFile.ts";

async function mintToken(email: string, home: string): Promise<string> {
  const stack = await findRunningStack(home);
  if (stack === undefined) {
    throw new Error(`Cannot mint a token as no stack runs from '${home}': start one with 'deno task start'`);
  }
  const { signingKey } = await loadOrCreateKeys(home);
  await using sql = connect(stack.dbUrl);
  const session = await new AuthService(sql, new AccessTokens(signingKey, stack.url)).impersonate(email);
  return session.access_token;
}

try {
  const options = parseTokenOptions(Deno.args);
  if (options.isHelp) print(tokenHelpText);
  else {
    const home = options.home === undefined ? join(dirname(import.meta.dirname!), ".ballast") : resolve(options.home);
    print(await mintToken(options.email, home));
  }
} catch (error) {
  printError(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}
