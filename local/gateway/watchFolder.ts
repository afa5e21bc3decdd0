/** Options of {@link watchFolder}. */
export interface WatchOptions {
  /** Quiet time that ends a burst of changes, such as an editor's save or a branch switch. @default 80 */
  readonly debounceMs?: number;
  /** Which paths count. @default sources and JSON, tests excepted */
  readonly isRelevant?: (path: string) => boolean;
  /** Hears that watching has ended early, such as when the system's watches are used up. */
  readonly onError: (error: unknown) => void;
}

/** Only what a function can import matters: a changed test or an editor's swap file restarts nothing. */
export function isSourceFile(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|json|wasm|env)$/.test(path) && !/\.test\.[cm]?[jt]sx?$/.test(path);
}

/** Calls `onChange` with the changed paths after each burst of changes under `folder`; the returned function stops it. */
export function watchFolder(
  folder: string,
  onChange: (paths: string[]) => void,
  options: WatchOptions,
): () => void {
  const { debounceMs = 80, isRelevant = isSourceFile, onError } = options;
  let watcher: Deno.FsWatcher;
  try {
    watcher = Deno.watchFs(folder, { recursive: true });
  } catch (error) {
    onError(error);
    return () => {};
  }
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    const paths = [...changed];
    changed.clear();
    onChange(paths);
  };
  (async () => {
    for await (const event of watcher) {
      if (event.kind === "access") continue;
      const paths = event.paths.filter(isRelevant);
      if (paths.length === 0) continue;
      for (const path of paths) changed.add(path);
      clearTimeout(timer);
      timer = setTimeout(flush, debounceMs);
    }
  })().catch(onError);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
