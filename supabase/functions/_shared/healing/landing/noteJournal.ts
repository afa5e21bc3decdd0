import type { NotedRows, NotedShape } from "../ledger/notedRows.ts";
import type { LandedRecord } from "../ledger/rescue.ts";
import type { Clock } from "../../time/clock.ts";

/** What is written down together. */
export interface Notes {
  readonly noted: readonly NotedRows[];
  /** Of rows that need more than a note. */
  readonly records: readonly LandedRecord[];
}

/** How notes are written down. */
export interface NoteJournalOptions {
  readonly write: (notes: Notes) => Promise<void>;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Keeps the isolate alive until notes are written. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly onError: (error: unknown) => void;
  /** @default 100 */
  readonly delayMs?: number;
  /** This many are written at once. @default 256 */
  readonly most?: number;
}

interface OpenRows extends NotedRows {
  readonly rows: (readonly [keyText: string, fingerprint: string])[];
}

/**
 * Notes of rows that have landed under other names than they were sent with, written together a moment later: one row's
 * note costs a fraction of a statement. All values stand in their columns by then; what a crash can take is the spelling
 * of keys, for as long as the delay.
 */
export class NoteJournal {
  #noted: NotedRows[] = [];
  /** Those that may still grow. A written one never does, as its id says that it is all there. */
  #open = new Map<NotedShape, OpenRows>();
  #records: LandedRecord[] = [];
  #count = 0;
  #isDue = false;
  #writing: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  readonly #options: NoteJournalOptions;
  readonly #most: number;

  constructor(options: NoteJournalOptions) {
    this.#options = options;
    this.#most = options.most ?? 256;
  }

  /** Notes a row of which the columns tell every value, and the role that wrote it where that is not the journal's own. */
  note(shape: NotedShape, keyText: string, fingerprint: string, writerRole?: string): void {
    let open = this.#open.get(shape);
    if (open === undefined || open.rows.length >= this.#most || open.writerRole !== writerRole) {
      open = { id: this.#options.newId(), shape, ...(writerRole === undefined ? {} : { writerRole }), rows: [] };
      this.#open.set(shape, open);
      this.#noted.push(open);
    }
    open.rows.push([keyText, fingerprint]);
    this.#count++;
    this.#schedule();
  }

  /** Notes rows of which more has to be kept. */
  add(records: readonly LandedRecord[]): void {
    if (records.length === 0) return;
    for (const record of records) this.#records.push(record);
    this.#count += records.length;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isDue) return;
    if (this.#count >= this.#most) void this.flush();
    else if (this.#cancel === undefined) {
      const { clock, waitUntil, delayMs = 100 } = this.#options;
      waitUntil(
        new Promise<void>((resolve) => {
          const cancel = clock.setTimer(() => resolve(this.flush()), delayMs);
          this.#cancel = () => {
            cancel();
            resolve();
          };
        }),
      );
    }
  }

  /** Writes what is noted so far. Notes that cannot be written are kept and tried again with the next ones. */
  flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isDue = true;
    return this.#writing = this.#writing.then(async () => {
      this.#isDue = false;
      const [noted, records] = [this.#noted, this.#records];
      if (noted.length === 0 && records.length === 0) return;
      [this.#noted, this.#records, this.#count] = [[], [], 0];
      this.#open.clear();
      try {
        await this.#options.write({ noted, records });
      } catch (error) {
        this.#options.onError(error);
        this.#keep(noted, records);
      }
    });
  }

  /** Keeps the newest, and no more than a ledger that is away for long may take of the memory. */
  #keep(noted: readonly NotedRows[], records: readonly LandedRecord[]): void {
    const room = 16 * this.#most;
    this.#records = [...records, ...this.#records].slice(-room);
    let count = this.#records.length;
    const kept: NotedRows[] = [];
    for (const rows of [...noted, ...this.#noted].reverse()) {
      count += rows.rows.length;
      if (count > room) break;
      kept.unshift(rows);
    }
    this.#noted = kept;
    this.#open.clear(); // What is noted from now on must not go to rows that were dropped.
  }
}
