import { conventionKey } from "../naming/conventionKey.ts";
import { type Coercer, type CoercionStrategy, fit, refuse } from "./coercion.ts";

/**
 * A label of the enum; one that the enum has under another name by now; or a text that is one of these but for case and
 * separators, and is no other. A label of now counts before one of then.
 */
export const coerceEnum: Coercer = (value, _type, { enumLabels = [], formerLabels = new Map() }) => {
  if (typeof value !== "string") return refuse("unsupported_value");
  if (enumLabels.includes(value)) return fit(value, "unchanged", { from: "string" });
  const become = (label: string, strategy: CoercionStrategy) => fit(label, strategy, { from: "string", text: value });
  const renamed = formerLabels.get(value);
  if (renamed !== undefined && enumLabels.includes(renamed)) return become(renamed, "label_by_rename");
  const folded = conventionKey(value.trim());
  const isAlike = (label: string) => conventionKey(label) === folded;
  const [label, ...others] = enumLabels.filter(isAlike);
  if (others.length > 0) return refuse("ambiguous_label");
  if (label !== undefined) return become(label, "label_by_folding");
  const former = [...formerLabels].filter(([before, now]) => isAlike(before) && enumLabels.includes(now));
  const [only, ...rest] = new Set(former.map(([, now]) => now));
  if (only === undefined) return refuse("unknown_label");
  return rest.length > 0 ? refuse("ambiguous_label") : become(only, "label_by_rename");
};
