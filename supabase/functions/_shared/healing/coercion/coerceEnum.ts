import { conventionKey } from "../naming/conventionKey.ts";
import { type Coercer, fit, refuse } from "./coercion.ts";

/** A label of the enum, or a text that is one but for case and separators, and is no other. */
export const coerceEnum: Coercer = (value, _type, { enumLabels = [] }) => {
  if (typeof value !== "string") return refuse("unsupported_value");
  if (enumLabels.includes(value)) return fit(value, "unchanged", { from: "string" });
  const folded = conventionKey(value.trim());
  const [label, ...others] = enumLabels.filter((candidate) => conventionKey(candidate) === folded);
  if (label === undefined) return refuse("unknown_label");
  return others.length > 0
    ? refuse("ambiguous_label")
    : fit(label, "label_by_folding", { from: "string", text: value });
};
