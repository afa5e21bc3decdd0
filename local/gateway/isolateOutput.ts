import { describeError, shortStack } from "./describeError.ts";

const encoder = new TextEncoder();

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  try {
    let bytes = encoder.encode(text);
    while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
  } catch (error) {
    // The supervisor has gone; an isolate that could not end for want of a reader would be left behind.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** Tells the supervisor something. */
export function tell(line: string): void {
  write(Deno.stdout, `${line}\n`);
}

/** Shows an error to the developer, with the part of its stack that helps. */
export function report(event: string, error: unknown): void {
  const stack = shortStack(error, 8).map((line) => `\n    ${line}`).join("");
  write(Deno.stderr, `${event}: ${describeError(error)}${stack}\n`);
}
