import type { TargetColumn } from "../../supabase/functions/_shared/healing/matcher/column.ts";
import { readCsv } from "./readCsv.ts";
import type { TablePair } from "./tablePair.ts";

const mostRows = 400;
const samples = 100;

/** Reads every complete `pair_*` folder: Table1.csv, Table2.csv and mapping.txt with one `<a, b>` a line. */
export async function readTablePairs(folder: string): Promise<TablePair[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) if (entry.name.startsWith("pair_")) names.push(entry.name);
  names.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
  const pairs: TablePair[] = [];
  for (const name of names) {
    const texts = await readAll(["Table1.csv", "Table2.csv", "mapping.txt"].map((file) => `${folder}/${name}/${file}`));
    if (texts !== undefined) pairs.push(toPair(name, texts as [string, string, string]));
  }
  return pairs;
}

async function readAll(paths: readonly string[]): Promise<string[] | undefined> {
  try {
    return await Promise.all(paths.map((path) => Deno.readTextFile(path)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function toPair(name: string, [first, second, mapping]: [string, string, string]): TablePair {
  const sources = toColumns(first).map(({ name, values }) => ({ name, values }));
  const targets = toColumns(second).map(({ name, values }): TargetColumn => ({
    name,
    type: "text",
    isNullable: true,
    hasDefault: false,
    isGenerated: false,
    statistics: { sampleValues: values },
  }));
  const truth: [number, number][] = [];
  for (const line of mapping.split("\n")) {
    const found = /^\s*<?(.+?)\s*,\s*([^,]+?)>?\s*$/.exec(line.replace("\ufeff", ""));
    if (found === null) continue;
    const source = sources.findIndex((column) => column.name === found[1]);
    const target = targets.findIndex((column) => column.name === found[2]);
    if (source >= 0 && target >= 0) truth.push([source, target]);
  }
  return { name, sources, targets, truth };
}

function toColumns(text: string): { name: string; values: string[] }[] {
  const [header = [], ...rows] = readCsv(text);
  const kept = rows.slice(0, mostRows);
  return header.map((name, column) => {
    const values = kept.map((row) => row[column] ?? "").filter((value) => value.trim() !== "");
    const step = Math.max(1, values.length / samples);
    const spread: string[] = [];
    for (let at = 0; at < values.length; at += step) spread.push(values[Math.floor(at)] as string);
    return { name: name.trim(), values: spread };
  });
}
