import type { DiagnosisKind } from "../diagnosis/diagnosis.ts";

/** One finding of a plan, before it is recorded. */
export interface HealDraft {
  readonly id: string;
  readonly diagnosis: DiagnosisKind;
  /** What was sent, such as a key; several where they were changed together. */
  readonly from?: string;
  /** The column; absent where the key is set aside. */
  readonly to?: string;
  readonly strategy: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly alternatives?: readonly unknown[];
  readonly confidence: number;
  readonly patternId?: string;
}
