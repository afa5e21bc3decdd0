import { type Coercer, fit, refuse } from "./coercion.ts";

const hyphened = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const bare = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** A uuid in any of its spellings. Sixteen bytes are none: they come in two byte orders. */
export const coerceUuid: Coercer = (value) => {
  if (typeof value !== "string") return refuse("unsupported_value");
  const plain = value.trim().toLowerCase().replace(/^urn:uuid:/, "").replace(/^\{(.*)\}$/, "$1");
  const uuid = plain.replace(bare, "$1-$2-$3-$4-$5");
  if (!hyphened.test(uuid)) return refuse("not_a_uuid");
  return fit(uuid, "uuid_from_text", uuid === value ? { from: "string" } : { from: "string", text: value });
};
