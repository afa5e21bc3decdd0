import { type Coercer, type Coercion, type CoercionStrategy, fit, refuse } from "./coercion.ts";
import type { Inverse } from "./inverse.ts";
import { listShape } from "./listShape.ts";
import { looksLikeList, readListText } from "./listText.ts";
import { isPlainObject, isSameValue } from "./sameValue.ts";

/** A list whose members all fit; a text that lists them; or one value, where the column has become a list. */
export const coerceArray: Coercer = (value, type, context) => {
  const member = type.member!;
  const coerceMember = (each: unknown) => context.coerceMember(each, member);
  if (Array.isArray(value)) {
    if (listShape(value) === undefined) return refuse("list_shape_would_be_lost");
    return coerceMembers(value, coerceMember, "list_by_member");
  }
  if (typeof value === "string") {
    const members = readListText(value, member);
    if (members !== undefined) {
      if (listShape(members) === undefined) return refuse("list_shape_would_be_lost");
      const list = coerceMembers(members, coerceMember, "list_from_text");
      return list.ok ? { ...list, inverse: { from: "string", text: value } } : list;
    }
    if (looksLikeList(value)) return refuse("ambiguous_list");
  }
  if (isPlainObject(value)) return refuse("unsupported_value");
  const only = coerceMember(value);
  return only.ok ? fit([only.value], "list_of_one", { from: "onlyMember", of: only.inverse }) : only;
};

function coerceMembers(
  values: readonly unknown[],
  coerceMember: (value: unknown) => Coercion,
  strategy: CoercionStrategy,
): Coercion {
  const coerced: unknown[] = [];
  const inverses: Inverse[] = [];
  for (const value of values) {
    const member = Array.isArray(value) ? coerceMembers(value, coerceMember, strategy) : coerceMember(value);
    if (!member.ok) return member;
    coerced.push(member.value);
    inverses.push(member.inverse);
  }
  const isChanged = coerced.some((member, at) => !Object.is(member, values[at]));
  return fit(isChanged ? coerced : values, strategy, toListInverse(inverses));
}

function toListInverse(members: readonly Inverse[]): Inverse {
  const [each = { from: "same" } as const, ...others] = members;
  return others.every((other) => isSameValue(other, each)) ? { from: "list", each } : { from: "list", members };
}
