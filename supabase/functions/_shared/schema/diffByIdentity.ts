/** What became of the members of a list between two readings of it. */
export interface IdentityDiff<Member> {
  readonly added: readonly Member[];
  readonly dropped: readonly Member[];
  readonly kept: readonly { readonly before: Member; readonly after: Member }[];
}

/** Pairs two lists by each member's identity, never by its name: a rename is a member that was kept. */
export function diffByIdentity<Member>(
  before: readonly Member[],
  after: readonly Member[],
  identityOf: (member: Member) => number,
): IdentityDiff<Member> {
  const earlier = new Map(before.map((member) => [identityOf(member), member]));
  const later = new Set(after.map(identityOf));
  const added: Member[] = [];
  const kept: { before: Member; after: Member }[] = [];
  for (const member of after) {
    const known = earlier.get(identityOf(member));
    if (known === undefined) added.push(member);
    else kept.push({ before: known, after: member });
  }
  return { added, dropped: before.filter((member) => !later.has(identityOf(member))), kept };
}
