import type { NameHistory } from "../../schema/nameHistory.ts";
import { aiEvidence, type AiEvidenceOptions } from "./aiEvidence.ts";
import { conventionEvidence } from "./conventionEvidence.ts";
import type { DeveloperMappings } from "./developerMappings.ts";
import type { RuleShelf } from "../rules/ruleShelf.ts";
import type { EvidenceSource } from "./evidence.ts";
import { heedRejections } from "./heedRejections.ts";
import { matcherEvidence, type MatcherEvidenceOptions } from "./matcherEvidence.ts";
import { operatorEvidence } from "./operatorEvidence.ts";
import { patternEvidence } from "./patternEvidence.ts";
import type { PatternShelf } from "./patternShelf.ts";
import { renameEvidence } from "./renameEvidence.ts";
import { ruleEvidence } from "./ruleEvidence.ts";

/** What the sources draw on. */
export interface EvidenceSourcesOptions {
  readonly history: NameHistory;
  readonly shelf: PatternShelf;
  /** @default no rules */
  readonly rules?: RuleShelf;
  /** @default none */
  readonly mappings?: DeveloperMappings;
  readonly matcher?: MatcherEvidenceOptions;
  /** @default nobody is asked */
  readonly ai?: Omit<AiEvidenceOptions, "shelf">;
}

/** Every kind of evidence, strongest first. What judges by itself heeds what an operator has rejected. */
export function evidenceSources(options: EvidenceSourcesOptions): EvidenceSource[] {
  const { history, shelf, rules, mappings, matcher, ai } = options;
  return [
    renameEvidence(history),
    operatorEvidence({ shelf, history, ...mappings === undefined ? {} : { mappings } }),
    patternEvidence(shelf),
    heedRejections(conventionEvidence(), shelf),
    ...rules === undefined ? [] : [heedRejections(ruleEvidence(rules), shelf)],
    heedRejections(matcherEvidence({ history, ...matcher }), shelf),
    ...ai === undefined ? [] : [heedRejections(aiEvidence({ ...ai, shelf }), shelf)],
  ];
}
