import type { ServerUser } from "./serverUser.ts";

/** What a program that ended said. */
export interface ProgramResult {
  readonly isSuccess: boolean;
  readonly output: string;
}

/** Runs a program to its end, as `user` where one is given. */
export async function runAs(
  user: ServerUser | undefined,
  program: string,
  args: readonly string[],
  options: { cwd?: string } = {},
): Promise<ProgramResult> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // Messages are shown to people as they are; a translated "could not bind" helps nobody who searches for it.
    env: { LC_MESSAGES: "C" },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  }).output();
  const decoder = new TextDecoder();
  return { isSuccess: success, output: `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trim() };
}
