import { AppError } from "../../_shared/errors/appError.ts";

/** Options of {@link StreamPlaces}. */
export interface StreamPlacesOptions {
  /** Each holds memory, and looks at the database now and then. @default 200 */
  readonly most?: number;
  /** One shopper has a few devices and tabs. @default 8 */
  readonly mostOfOne?: number;
}

/** The streams an isolate has open: so many in all, and so many of one subject. */
export class StreamPlaces {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #open = new Map<string, number>();
  #all = 0;

  constructor({ most = 200, mostOfOne = 8 }: StreamPlacesOptions = {}) {
    this.#most = most;
    this.#mostOfOne = mostOfOne;
  }

  /** Takes a place until the returned function is called; throws where there is none. */
  take(subject: string): () => void {
    const own = this.#open.get(subject) ?? 0;
    if (own >= this.#mostOfOne) {
      throw new AppError("rate_limited", `Cannot open another stream as ${own} of this shopper are open`, {
        details: { retryAfterMs: 10_000 },
      });
    }
    if (this.#all >= this.#most) {
      throw new AppError("overloaded", "Cannot open another stream as this isolate has as many as it can hold", {
        details: { retryAfterMs: 5_000 },
      });
    }
    this.#count(subject, 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#count(subject, -1);
      isTaken = false;
    };
  }

  #count(subject: string, change: 1 | -1): void {
    this.#all += change;
    const own = (this.#open.get(subject) ?? 0) + change;
    if (own === 0) this.#open.delete(subject);
    else this.#open.set(subject, own);
  }
}
