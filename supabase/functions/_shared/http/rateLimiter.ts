import { errorText } from "../errors/errorText.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import { timeLimit } from "../time/timeLimit.ts";
import { BoundedMap } from "../cache/boundedMap.ts";
import type { RateLimit } from "./contract.ts";
import type { RateLimitStore } from "./rateLimitStore.ts";

/** Options of a {@link RateLimiter}. */
export interface RateLimiterOptions {
  readonly policy: RateLimit;
  readonly store: RateLimitStore;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "info">;
  /** Keeps a lease that nobody waits for alive. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Callers remembered at once; one that was forgotten starts afresh. @default 10_000 */
  readonly maxCallers?: number;
  /** How long a lease may take before this isolate decides alone. @default 1_000 */
  readonly leaseTimeoutMs?: number;
  /** How long it decides alone before it asks again. @default 5_000 */
  readonly storePauseMs?: number;
}

/** May the request pass, and how much is left. */
export interface RateLimitVerdict {
  readonly isAllowed: boolean;
  /** Requests left, as far as this isolate knows. */
  readonly remaining: number;
  /** When a refused caller may come again; 0 for one that was let through. */
  readonly retryAfterMs: number;
}

/** What this isolate holds of a caller's bucket. */
interface Account {
  /** Tokens that may be spent without asking. */
  balance: number;
  /** Of those spent, what was on credit: the next lease pays it back first. */
  debt: number;
  /** What the fleet's bucket was last said to hold. */
  fleetRemaining: number;
  /** The fleet's bucket is empty until then: nothing is asked for before. */
  emptyUntil: number;
  /** When this account is out of date: by then the fleet's bucket has filled up again. */
  staleAt: number;
  leasing: Promise<void> | undefined;
  waiting: number;
  /** This isolate's own bucket, for while the fleet's cannot be reached. */
  own: { tokens: number; at: number } | undefined;
}

/**
 * Counts requests against buckets that the fleet shares, without asking for each. An isolate begins with one block of a
 * twentieth of the limit on credit; once half of what it holds is spent, it leases another block behind the request's
 * back. Only a caller without tokens waits. Below a limit of 40 a block would be a single token: those limits are exact,
 * and each request waits for its token. How far the fleet can overshoot: see docs/decisions/rate-limit.md.
 */
export class RateLimiter {
  readonly #options: Required<RateLimiterOptions>;
  readonly #block: number;
  readonly #accounts: BoundedMap<string, Account>;
  #storeGoneUntil = -Infinity;
  #isStoreGone = false;

  constructor(options: RateLimiterOptions) {
    this.#options = { maxCallers: 10_000, leaseTimeoutMs: 1_000, storePauseMs: 5_000, ...options };
    this.#block = blockOf(options.policy.limit);
    this.#accounts = new BoundedMap(this.#options.maxCallers);
  }

  /** Takes one token out of `bucket`. Answers at once unless a lease must be waited for. */
  take(bucket: string): RateLimitVerdict | Promise<RateLimitVerdict> {
    const account = this.#account(bucket);
    return this.#decide(bucket, account) ?? this.#waitAndDecide(bucket, account);
  }

  #account(bucket: string): Account {
    const now = this.#options.clock.monotonic();
    const known = this.#accounts.get(bucket);
    if (known !== undefined && (now < known.staleAt || known.leasing !== undefined)) return known;
    const credit = this.#block > 1 ? this.#block : 0;
    const account: Account = {
      balance: credit,
      debt: credit,
      fleetRemaining: this.#options.policy.limit - credit,
      emptyUntil: -Infinity,
      staleAt: now + this.#options.policy.windowMs,
      leasing: undefined,
      waiting: 0,
      own: known?.own,
    };
    this.#accounts.set(bucket, account);
    return account;
  }

  /** A verdict where one can be had without waiting. */
  #decide(bucket: string, account: Account): RateLimitVerdict | undefined {
    const now = this.#options.clock.monotonic();
    if (account.balance >= 1) {
      account.balance--;
      // A token leased ahead is one that no other isolate can give: with blocks of one, none is.
      const isLow = this.#block > 1 && account.balance <= this.#block / 2;
      if (isLow && account.leasing === undefined && now >= account.emptyUntil && now >= this.#storeGoneUntil) {
        this.#options.waitUntil(this.#lease(bucket, account));
      }
      return this.#allowed(account.fleetRemaining + account.balance);
    }
    if (now < this.#storeGoneUntil) return this.#decideAlone(account, now);
    if (now < account.emptyUntil) return { isAllowed: false, remaining: 0, retryAfterMs: account.emptyUntil - now };
    return undefined;
  }

  async #waitAndDecide(bucket: string, account: Account): Promise<RateLimitVerdict> {
    for (;;) {
      account.waiting++;
      await (account.leasing ?? this.#lease(bucket, account));
      account.waiting--;
      const verdict = this.#decide(bucket, account);
      if (verdict !== undefined) return verdict;
    }
  }

  /** Gets tokens for `account`; never rejects, as those who wait for it only look at the account afterwards. */
  #lease(bucket: string, account: Account): Promise<void> {
    const lease = this.#askStore(bucket, account).finally(() => account.leasing = undefined);
    account.leasing = lease;
    return lease;
  }

  async #askStore(bucket: string, account: Account): Promise<void> {
    const { store, policy, clock, leaseTimeoutMs } = this.#options;
    // Whoever comes in the same turn is counted, too.
    await Promise.resolve();
    const wanted = Math.min(policy.limit, Math.max(this.#block, account.waiting) + account.debt);
    try {
      const lease = await timeLimit(
        store.lease(bucket, policy.limit, policy.windowMs, wanted),
        leaseTimeoutMs,
        clock,
      );
      const paid = Math.min(account.debt, lease.granted);
      account.debt -= paid;
      account.balance += lease.granted - paid;
      account.fleetRemaining = lease.remaining;
      account.own = undefined;
      const now = clock.monotonic();
      account.staleAt = now + policy.windowMs;
      if (lease.granted < wanted) {
        account.emptyUntil = now + lease.retryAfterMs + account.debt * policy.windowMs / policy.limit;
      }
      this.#noteStore(true);
    } catch (error) {
      this.#storeGoneUntil = clock.monotonic() + this.#options.storePauseMs;
      this.#noteStore(false, error);
    }
  }

  /** Without the store the isolate applies the whole limit by itself, and refuses nobody the fleet would have let in. */
  #decideAlone(account: Account, now: number): RateLimitVerdict {
    const { limit, windowMs } = this.#options.policy;
    const own = account.own ??= { tokens: limit, at: now };
    own.tokens = Math.min(limit, own.tokens + (now - own.at) * limit / windowMs);
    own.at = now;
    account.staleAt = now + windowMs;
    if (own.tokens < 1) {
      return { isAllowed: false, remaining: 0, retryAfterMs: Math.ceil((1 - own.tokens) * windowMs / limit) };
    }
    own.tokens--;
    return this.#allowed(own.tokens);
  }

  #allowed(remaining: number): RateLimitVerdict {
    const most = Math.min(this.#options.policy.limit, Math.floor(remaining));
    return { isAllowed: true, remaining: Math.max(0, most), retryAfterMs: 0 };
  }

  #noteStore(isThere: boolean, error?: unknown): void {
    if (isThere && this.#isStoreGone) this.#options.log.info("Rate limits are shared with the fleet again");
    if (!isThere && !this.#isStoreGone) {
      this.#options.log.warn("Rate limits are this isolate's own as the store is gone", { error: errorText(error) });
    }
    this.#isStoreGone = !isThere;
  }
}

/** How many tokens an isolate leases at once. */
export function blockOf(limit: number): number {
  return Math.max(1, Math.floor(limit / 20));
}
