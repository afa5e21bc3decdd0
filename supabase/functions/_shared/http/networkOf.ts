/**
 * Whom an address stands for: in IPv6 the network of 64 bits, as that is the least a household is given, and each of its
 * devices may call from any address of it.
 */
export function networkOf(address: string): string {
  // What has a dot is IPv4, or stands for one.
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.toLowerCase().split("::", 2);
  const groupsOf = (part: string) => part === "" ? [] : part.split(":");
  const [first, last] = [groupsOf(head), groupsOf(tail ?? "")];
  const omitted = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...Array<string>(omitted).fill("0"), ...last];
  return `${groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, "")).join(":")}::/64`;
}
