/** An address or network, as bits. */
export interface IpAddress {
  readonly bits: bigint;
  readonly width: 32 | 128;
  readonly prefix: number;
}

/** Reads an address with or without its prefix length; undefined for ports, zones, and octal-looking parts. */
export function readIpAddress(text: string): IpAddress | undefined {
  const [, address, prefixText] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  if (address === undefined) return undefined;
  const isV6 = address.includes(":");
  const width = isV6 ? 128 : 32;
  const bits = isV6 ? readV6(address) : readV4(address);
  const prefix = prefixText === undefined ? width : Number(prefixText);
  return bits === undefined || prefix > width ? undefined : { bits, width, prefix };
}

/** Are all bits after the prefix zero, as a network's must be? */
export function isNetwork({ bits, width, prefix }: IpAddress): boolean {
  return (bits & ((1n << BigInt(width - prefix)) - 1n)) === 0n;
}

function readV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let bits = 0n;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bits = (bits << 8n) | BigInt(part);
  }
  return bits;
}

function readV6(text: string): bigint | undefined {
  const mapped = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (mapped !== null) {
    const last = readV4(mapped[2]!);
    if (last === undefined) return undefined;
    return readV6(`${mapped[1]}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`);
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => half === "" ? [] : half.split(":"));
  const [head, tail = []] = groups as [string[], string[]?];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
