import { TextLineStream } from "./textLineStream.ts";
import { closedLine, type IsolateSettings, readyLine } from "./isolateProtocol.ts";

/** One line an isolate wrote. */
export interface IsolateLog {
  readonly isolateId: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** How to start an isolate. */
export interface IsolateProcessOptions {
  readonly settings: IsolateSettings;
  /** What functions see besides the environment of this process. */
  readonly env: Record<string, string>;
  readonly onLog: (log: IsolateLog) => void;
  /** The checkout whose deno.json and import map the functions are loaded under. */
  readonly configFile: string;
  /** How long the isolate may take to accept requests. @default 30_000 */
  readonly readyTimeoutMs?: number;
}

/** A running isolate. */
export interface IsolateProcess {
  readonly id: string;
  readonly pid: number;
  /** Resolves with the exit code when the process has ended, for whatever reason. */
  readonly exited: Promise<number>;
  /** Resolves when the isolate takes no new connections any more. */
  readonly closed: Promise<void>;
  /** Lets requests and background work finish, then ends the process; kills it after the grace period. */
  drain(reason: string): Promise<void>;
}

/**
 * Hosted functions have no subprocesses, no FFI, and write nowhere but to the temporary folder. The isolate needs FFI to
 * take over its port, and gives it up before any function is loaded.
 */
function permissions(): string[] {
  const temporary = Deno.env.get("TMPDIR") ?? Deno.env.get("TEMP") ?? "/tmp";
  return [
    "--no-prompt",
    "--allow-net",
    "--allow-env",
    "--allow-read",
    "--allow-sys",
    "--allow-ffi",
    `--allow-write=${temporary}`,
  ];
}

/** Starts an isolate and waits until it accepts requests. Rejects with what it wrote last if it ends before that. */
export async function startIsolateProcess(options: IsolateProcessOptions): Promise<IsolateProcess> {
  const { settings, env, onLog, configFile, readyTimeoutMs = 30_000 } = options;
  const id = crypto.randomUUID();
  const script = new URL("./isolate.ts", import.meta.url).href;
  const child = new Deno.Command(Deno.execPath(), {
    // Without the legacy behaviour `request.signal` aborts only when the client went away.
    args: [
      ...["run", "--quiet", "--config", configFile, "--unstable-net", "--unstable-no-legacy-abort"],
      ...permissions(),
      script,
      JSON.stringify(settings),
    ],
    env: { ...env, SB_EXECUTION_ID: id },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdin = child.stdin.getWriter();
  const ready = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const lastLines: string[] = [];

  const read = async (stream: "stdout" | "stderr") => {
    for await (const text of child[stream].pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())) {
      if (stream === "stdout" && text.startsWith(readyLine)) {
        ready.resolve();
        continue;
      }
      if (stream === "stdout" && text === closedLine) {
        closed.resolve();
        continue;
      }
      lastLines.push(text);
      if (lastLines.length > 20) lastLines.shift();
      onLog({ isolateId: id, stream, text });
    }
  };
  const outputs = Promise.all([read("stdout"), read("stderr")]);
  const exited = child.status.then(async ({ code }) => {
    await outputs;
    closed.resolve();
    await stdin.close().catch(() => {}); // The pipe is broken once its reader has gone.
    return code;
  });
  exited.then((code) =>
    ready.reject(new Error(`Cannot start isolate as it ended with code ${code}: ${lastLines.join("\n")}`))
  );
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended already.
    }
  };
  const tooLate = setTimeout(() => {
    ready.reject(new Error(`Cannot start isolate as it was not ready within ${readyTimeoutMs} ms`));
    kill();
  }, readyTimeoutMs);
  await ready.promise.finally(() => clearTimeout(tooLate));

  return {
    id,
    pid: child.pid,
    closed: closed.promise,
    exited,
    async drain(reason) {
      // The isolate ends itself within the grace period; a second more, and it hangs.
      const hung = setTimeout(kill, settings.graceMs + 1_000);
      await stdin.write(new TextEncoder().encode(`drain ${reason}\n`)).catch(() => {}); // Gone already: that will do.
      await exited;
      clearTimeout(hung);
    },
  };
}
