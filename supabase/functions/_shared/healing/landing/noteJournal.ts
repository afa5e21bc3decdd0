import type { RescueRecord } from "../ledger/rescue.ts";
import type { Writer } from "../ledger/heal.ts";
import type { Clock } from "../../time/clock.ts";

/** A record with whom it was written for. */
export type Note = RescueRecord & { readonly writer?: Writer };

/** How notes are written down. */
export interface NoteJournalOptions {
  readonly write: (notes: readonly Note[]) => Promise<void>;
  readonly clock: Clock;
  /** Keeps the isolate alive until notes are written. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly onError: (error: unknown) => void;
  /** @default 100 */
  readonly delayMs?: number;
  /** This many are written at once. @default 256 */
  readonly most?: number;
}

/**
 * Notes of rows that have landed under other names than they were sent with, written together a moment later: one row's
 * note costs a fraction of a statement. All values stand in their columns by then; what a crash can take is the spelling
 * of keys, for as long as the delay.
 */
export class NoteJournal {
  #notes: Note[] = [];
  #writing: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  readonly #options: NoteJournalOptions;

  constructor(options: NoteJournalOptions) {
    this.#options = options;
  }

  add(notes: readonly Note[]): void {
    if (notes.length === 0) return;
    const { clock, waitUntil, delayMs = 100, most = 256 } = this.#options;
    for (const note of notes) this.#notes.push(note);
    if (this.#notes.length >= most) void this.flush();
    else if (this.#cancel === undefined) {
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
    return this.#writing = this.#writing.then(async () => {
      const notes = this.#notes;
      if (notes.length === 0) return;
      this.#notes = [];
      try {
        await this.#options.write(notes);
      } catch (error) {
        this.#options.onError(error);
        const { most = 256 } = this.#options;
        this.#notes = [...notes, ...this.#notes].slice(-16 * most);
      }
    });
  }
}
