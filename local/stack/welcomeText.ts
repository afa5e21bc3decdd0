import type { StackFile } from "./stackFile.ts";

/** What a developer reads when the stack is up. */
export function welcomeText(stack: StackFile, tookMs: number): string {
  return `
Ballast is up after ${(tookMs / 1_000).toFixed(1)} s.

  Console          ${stack.url}/
  Functions        ${stack.url}/functions/v1/<name>
  Database         ${stack.dbUrl}
  Publishable key  ${stack.publishableKey}
  Secret key       ${stack.secretKey}

Try it:

  curl ${stack.url}/functions/v1/ops-health

Ctrl-C stops it.`;
}
