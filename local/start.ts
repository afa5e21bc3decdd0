/** Brings the whole stack up on this machine and keeps it running: `deno task start`, `--help` for the flags. */
import { dirname, resolve } from "node:path";
import { print, printError } from "../tools/print.ts";
import { helpText, parseStartOptions, type StartOptions } from "./stack/startOptions.ts";
import { type Stack, startStack } from "./stack/startStack.ts";
import { welcomeText } from "./stack/welcomeText.ts";

const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Resolves at the first signal to stop; the second ends the process on the spot. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    for (const signal of signals) {
      Deno.addSignalListener(signal, () => {
        if (isAsked) Deno.exit(130);
        isAsked = true;
        resolve();
      });
    }
  });
}

async function run(start: StartOptions): Promise<void> {
  const startedAtMs = performance.now();
  const stopped = stopSignal();
  const starting = startStack({
    start: start.home === undefined ? start : { ...start, home: resolve(start.home) },
    projectFolder: dirname(import.meta.dirname!),
    onProgress: (message) => print(`- ${message}`),
    onLog: print,
  });
  const stack: Stack = await starting;
  print(welcomeText(stack, performance.now() - startedAtMs));
  await stopped;
  print("\n- Stopping");
  await stack.stop();
  print("- Stopped");
}

try {
  const start = parseStartOptions(Deno.args);
  if (start.isHelp) print(helpText);
  else await run(start);
  Deno.exit(0);
} catch (error) {
  printError(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}
