import type { CauseNode } from "../incident.ts";
import { plain, time } from "./words.ts";

/** The tree of an incident, a line a node. A beginning that nobody told has no time of its own. */
export function treeText(root: CauseNode): string[] {
  return root.count === 0 ? rootLines(root) : treeLines(root, 2);
}

/** A beginning that nobody told is named and no more: the evidence for it stands above. */
function rootLines(root: CauseNode): string[] {
  const name = root.kind === "contention" || root.kind === "database" ? "" : `${root.kind}: `;
  return [
    `    ${time(root.from)} to ${time(root.to)} ${name}${plain(root.subject)}`,
    ...root.effects.flatMap((effect) => treeLines(effect, 3)),
    ...(root.more === undefined ? [] : [`      and ${root.more} more events`]),
  ];
}

function treeLines(node: CauseNode, depth: number): string[] {
  const times = node.from === node.to ? time(node.from) : `${time(node.from)} to ${time(node.to)}`;
  const count = node.count > 1 ? ` x ${node.count}` : "";
  const words = node.detail === "" ? "" : `: ${plain(node.detail)}`;
  const rule = node.rule === undefined || node.confidence === 1
    ? ""
    : ` [${node.rule}, ${Math.round(node.confidence! * 100)} %]`;
  const indent = "  ".repeat(depth);
  return [
    `${indent}${times} ${node.kind.replaceAll("_", " ")} of ${plain(node.subject)}${count}${words}${rule}`,
    ...node.effects.flatMap((effect) => treeLines(effect, depth + 1)),
    ...(node.more === undefined ? [] : [`${indent}  and ${node.more} more events`]),
  ];
}
