import { join } from "node:path";
import { readStackFile, type StackFile } from "../../local/stack/stackFile.ts";
import { projectFolder } from "./projectFolder.ts";

/** A supervisor in a process of its own, as a developer starts it. */
export interface StackProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it has printed so far. */
  readonly output: string;
  /** Resolves when it says it is up; rejects with its output when it ends before that. */
  readonly up: Promise<StackFile>;
  /** Resolves with the exit code when it has ended and everything it printed has been read. */
  readonly exited: Promise<number>;
  kill(signal: Deno.Signal): void;
}

/** Starts `local/start.ts` with its state in `home`, from a folder that is not the checkout. Disposing stops it. */
export function startStackProcess(home: string, args: readonly string[] = []): StackProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(projectFolder, "local", "start.ts"), "--home", home, ...args],
    cwd: Deno.build.os === "windows" ? "C:\\" : "/",
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  const up = Promise.withResolvers<StackFile>();
  up.promise.catch(() => {}); // A test that only waits for the exit does not look at it.
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)) {
      output += text;
      if (!output.includes("Ctrl-C stops it")) continue;
      const stack = await readStackFile(home);
      if (stack !== undefined) up.resolve(stack);
    }
  };
  const outputs = Promise.all([read(child.stdout), read(child.stderr)]);
  const exited = child.status.then(async ({ code }) => {
    await outputs;
    up.reject(new Error(`The stack ended with code ${code} before it was up:\n${output}`));
    return code;
  });
  const kill = (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended already.
    }
  };
  return {
    pid: child.pid,
    get output() {
      return output;
    },
    up: up.promise,
    exited,
    kill,
    async [Symbol.asyncDispose]() {
      kill("SIGTERM");
      await exited;
    },
  };
}
