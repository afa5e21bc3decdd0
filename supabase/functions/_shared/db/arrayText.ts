import { Buffer } from "node:buffer";
import { JsonText } from "./driverTypes.ts";

/** The members of an array parameter: an array to an array type, a JSON list to jsonb, as its place wants. */
export class ArrayMembers {
  constructor(readonly members: readonly unknown[]) {}

  /** How the driver writes it for a type it has no serializer for. */
  toString(): string {
    return writeArray(this.members);
  }

  toJSON(): readonly unknown[] {
    return this.members;
  }
}

/**
 * A Postgres array as text, with every member quoted. Written here, as the driver can write one only for types it has
 * read from the catalog, and sends the bare first member where it has not.
 */
export function writeArray(members: readonly unknown[]): string {
  return `{${members.map(writeMember).join(",")}}`;
}

function writeMember(member: unknown): string {
  if (member === null) return "NULL";
  if (Array.isArray(member)) return writeArray(member);
  return `"${memberText(member).replace(/[\\"]/g, "\\$&")}"`;
}

/** A value by itself, as text that its type reads. */
export function memberText(member: unknown): string {
  if (member instanceof JsonText) return member.text;
  if (member instanceof Date) return member.toISOString();
  if (member instanceof Uint8Array) return `\\x${Buffer.from(member).toString("hex")}`;
  return String(member);
}

/** Reads an array's text; `parse` makes a member of its text. */
export function readArray(text: string, parse: (member: string) => unknown): unknown[] {
  let at = text.startsWith("[") ? text.indexOf("=") + 1 : 0; // "[2:3]={a,b}": the bounds are of no use to us.

  function readList(): unknown[] {
    const members: unknown[] = [];
    at++; // {
    while (text[at] !== "}") {
      if (text[at] === ",") at++;
      members.push(text[at] === "{" ? readList() : text[at] === '"' ? parse(readQuoted()) : readBare());
    }
    at++; // }
    return members;
  }

  function readQuoted(): string {
    let member = "";
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      member += text[at];
    }
    at++;
    return member;
  }

  function readBare(): unknown {
    const start = at;
    while (text[at] !== "," && text[at] !== "}") at++;
    const member = text.slice(start, at);
    return member === "NULL" ? null : parse(member);
  }

  return readList();
}
