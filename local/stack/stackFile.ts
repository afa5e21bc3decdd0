import { join } from "node:path";
import { isAlive } from "../database/processes.ts";

/** What a running stack tells tools, in `.ballast/stack.json`. */
export interface StackFile {
  /** The gateway; functions are under `/functions/v1/`. */
  readonly url: string;
  readonly dbUrl: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  /** The supervisor's process. */
  readonly pid: number;
}

const fileName = "stack.json";

/** Writes the file whole; readable for its owner alone, as it holds the secret key. */
export async function writeStackFile(home: string, stack: StackFile): Promise<void> {
  const draft = join(home, `${fileName}.${crypto.randomUUID()}`);
  await Deno.writeTextFile(draft, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
  await Deno.rename(draft, join(home, fileName));
}

/** Removes the file; one that is gone already is fine. */
export async function removeStackFile(home: string): Promise<void> {
  await Deno.remove(join(home, fileName)).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/** What the file says; `undefined` where none can be read. A killed stack leaves its file behind, even one of root's. */
export async function readStackFile(home: string): Promise<StackFile | undefined> {
  const { NotFound, PermissionDenied } = Deno.errors;
  try {
    return JSON.parse(await Deno.readTextFile(join(home, fileName)));
  } catch (error) {
    if (error instanceof NotFound || error instanceof PermissionDenied || error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** The stack that runs from this folder; `undefined` where none does. */
export async function findRunningStack(home: string): Promise<StackFile | undefined> {
  const stack = await readStackFile(home);
  return stack !== undefined && isAlive(stack.pid) ? stack : undefined;
}
