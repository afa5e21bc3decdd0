const encoder = new TextEncoder();

function writeAll(target: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(target.writeSync(bytes));
}

/** Writes one line to standard output, at once and whole, so that the last line is the last line. */
export function print(line = ""): void {
  writeAll(Deno.stdout, `${line}\n`);
}

/** Writes one line to standard error. */
export function printError(line: string): void {
  writeAll(Deno.stderr, `${line}\n`);
}
