import type { SentryFrame } from "./sentryClient.ts";

const mostFrames = 50;
const mostLetters = 500;
const frameShape = /^ *at (?:(.*) \()?([^()]+):(\d+):(\d+)\)?$/;

/** The frames of an error as Sentry has them, the outermost first. Its message, which may run over lines, is left out. */
export function sentryFrames({ stack = "", message }: Error): SentryFrame[] {
  const frames = stack.replace(message, "").split("\n").flatMap((line): SentryFrame[] => {
    if (line.length > mostLetters) return [];
    const [, name, filename, lineno, colno] = frameShape.exec(line) ?? [];
    if (filename === undefined) return [];
    return [{ ...name ? { function: name } : {}, filename, lineno: Number(lineno), colno: Number(colno) }];
  });
  return frames.slice(0, mostFrames).reverse();
}
