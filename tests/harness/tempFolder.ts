/** A folder of one's own, gone after the test. */
export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder that the server's user can get to as well: temporary folders are shut to others. */
export async function tempFolder(): Promise<TempFolder> {
  const path = await Deno.makeTempDir({ prefix: "ballast-" });
  await Deno.chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
