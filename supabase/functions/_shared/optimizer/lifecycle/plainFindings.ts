import type { Findings } from "./change.ts";

/** A finding is short, and there are not many. */
const [mostFindings, longestText] = [40, 300];

/** Findings as the log can keep them: JSON has no place for what is no finite number, and nobody reads pages. */
export function plainFindings(findings: Findings): Findings {
  return Object.fromEntries(
    Object.entries(findings).slice(0, mostFindings).map(([name, value]) => [
      name.slice(0, 100),
      typeof value === "number" && !Number.isFinite(value)
        ? String(value)
        : typeof value === "string"
        ? value.slice(0, longestText)
        : value,
    ]),
  );
}
