import {
  type EvidenceSource,
  evidenceStrategies,
  type EvidenceStrategy,
  type NameAnswer,
  type NameOpinion,
  type NameQuestion,
} from "./evidence.ts";
import { type Collision, findCollisions } from "./findCollisions.ts";

/** An answer that counts, with the kind of evidence it comes from. */
export interface WeighedAnswer extends NameAnswer {
  readonly strategy: EvidenceStrategy;
}

/** What a source said and was not followed in. */
export interface ConsideredOpinion {
  readonly name: string;
  readonly strategy: EvidenceStrategy;
  readonly reason: "unsure" | Collision;
  /** The column it was said to mean. */
  readonly column?: string;
  readonly alternatives: readonly unknown[];
}

/** What came of a question. */
export interface WeighedEvidence {
  /** At most one a name and one a column; a name whose column is undefined has none for certain. */
  readonly answers: readonly WeighedAnswer[];
  /** The names that nobody is sure of, in the order they were asked. */
  readonly undecided: readonly string[];
  readonly considered: readonly ConsideredOpinion[];
}

/** How evidence is weighed. */
export interface WeighOptions {
  /** Whether to ask only sources that are certain, as for names in a match or a selection. @default false */
  isCertainOnly?: boolean;
  /** Hears of a source that failed. @default nobody */
  onError?: (error: unknown, strategy: EvidenceStrategy) => void;
}

/**
 * Asks the sources what names mean, strongest first, each about what is still open. Of a source's answers those that
 * collide are dropped, all of them. Where the source is certain, weaker ones are not asked about the same names and
 * columns either: they could only guess against what is known. After a certain source has failed no uncertain one is
 * asked, for the same reason. Columns count as free if the question offers them, so it also says whether generated ones may
 * be meant.
 *
 * @example
 * ```ts
 * const { answers, undecided } = await weighEvidence(question, [conventionEvidence(), matcherEvidence()]);
 * // answers: [{ name: "totl", column: { name: "total", ... }, strategy: "matcher", confidence: 0.99, ... }]
 * ```
 */
export async function weighEvidence(
  question: NameQuestion,
  sources: readonly EvidenceSource[],
  { isCertainOnly = false, onError = () => {} }: WeighOptions = {},
): Promise<WeighedEvidence> {
  const answers: WeighedAnswer[] = [];
  const considered: ConsideredOpinion[] = [];
  const open = new Set(question.names);
  const free = new Map(question.columns.map((column) => [column.attnum, column]));
  const closed = new Set<string>();
  let isBlind = isCertainOnly;

  function hear(opinions: readonly NameOpinion[], { strategy, isCertain }: EvidenceSource): void {
    const said = opinions.filter((opinion): opinion is NameAnswer => !("isUnsure" in opinion));
    for (const opinion of opinions) {
      if (!("isUnsure" in opinion)) continue;
      considered.push({ name: opinion.name, strategy, reason: "unsure", alternatives: opinion.alternatives });
    }
    const collisions = findCollisions(said, open, free);
    for (const answer of said) {
      const collision = collisions.get(answer);
      if (collision === undefined) answers.push({ ...answer, strategy });
      else considered.push(dropped(answer, strategy, collision));
      if (collision === "not_asked") continue;
      if (collision !== undefined && !isCertain) continue;
      open.delete(answer.name);
      if (collision !== undefined) closed.add(answer.name);
      if (answer.column !== undefined) free.delete(answer.column.attnum);
    }
  }

  for (const source of inOrderOfStrength(sources)) {
    if (open.size === 0) break;
    if (isBlind && !source.isCertain) continue;
    try {
      const said = source.answer({ ...question, names: [...open], columns: [...free.values()] });
      hear(Array.isArray(said) ? said : await said, source);
    } catch (error) {
      isBlind ||= source.isCertain;
      tell(onError, error, source.strategy);
    }
  }
  return { answers, undecided: question.names.filter((name) => open.has(name) || closed.has(name)), considered };
}

function inOrderOfStrength(sources: readonly EvidenceSource[]): EvidenceSource[] {
  const rank = ({ strategy }: EvidenceSource) => evidenceStrategies.indexOf(strategy);
  return [...sources].sort((one, other) => rank(one) - rank(other));
}

function dropped(
  { name, column, alternatives = [] }: NameAnswer,
  strategy: EvidenceStrategy,
  reason: Collision,
): ConsideredOpinion {
  return { name, strategy, reason, ...(column === undefined ? {} : { column: column.name }), alternatives };
}

function tell(onError: NonNullable<WeighOptions["onError"]>, error: unknown, strategy: EvidenceStrategy): void {
  try {
    onError(error, strategy);
  } catch {
    // Whoever listens cannot break a write.
  }
}
