import { type Coercer, fit, refuse } from "./coercion.ts";
import { isNetwork, readIpAddress } from "./ipAddress.ts";

/** An IP address or network; brackets, as URLs have them, are taken off. */
export const coerceAddress: Coercer = (value, { name }) => {
  if (typeof value !== "string") return refuse("unsupported_value");
  const text = value.trim().replace(/^\[([0-9a-f:.]+)\]$/i, "$1");
  const address = readIpAddress(text);
  if (address === undefined) return refuse("not_an_address");
  if (name === "cidr" && !isNetwork(address)) return refuse("not_an_address");
  return fit(text, "address_from_text", { from: "string", text: value });
};
