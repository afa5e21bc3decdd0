/** Reads CSV text into rows: quoted fields, doubled quotes, line breaks in quotes, CRLF, a byte-order mark. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let isQuoted = false;
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const endRow = () => {
    row.push(field);
    field = "";
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  for (let at = 0; at < body.length; at++) {
    const sign = body[at] as string;
    if (isQuoted) {
      if (sign !== '"') field += sign;
      else if (body[at + 1] === '"') field += body[at++];
      else isQuoted = false;
    } else if (sign === '"' && field.trim() === "") {
      isQuoted = true;
      field = "";
    } else if (sign === ",") {
      row.push(field);
      field = "";
    } else if (sign === "\n") endRow();
    else if (sign !== "\r") field += sign;
  }
  if (field !== "" || row.length > 0) endRow();
  return rows;
}
