/** Which transactions of the database a look has seen: Postgres's own snapshot, `xmin:xmax:xip`. */
export class TagSnapshot {
  /** All before it are seen. */
  readonly xmin: bigint;
  /** This one and all after it are not. */
  readonly xmax: bigint;
  /** Those in between that were under way. */
  readonly #underWay: ReadonlySet<bigint>;

  /** Throws where `text` is no snapshot. */
  constructor(readonly text: string) {
    const parts = /^(\d{1,20}):(\d{1,20}):([\d,]*)$/.exec(text);
    if (parts === null) {
      throw new TypeError(`Cannot read a snapshot as it is not 'xmin:xmax:xip': ${text.slice(0, 60)}`);
    }
    this.xmin = BigInt(parts[1]!);
    this.xmax = BigInt(parts[2]!);
    this.#underWay = new Set(parts[3] === "" ? [] : parts[3]!.split(",").map(BigInt));
  }

  /** Was that transaction over, and what it changed to be seen? */
  sees(xid: bigint): boolean {
    return xid < this.xmin || (xid < this.xmax && !this.#underWay.has(xid));
  }
}
