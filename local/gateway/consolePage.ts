import type { FunctionTable } from "./functionTable.ts";

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#1c2024}
h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem .3rem 0;
border-bottom:1px solid #e3e6ea}code,pre{font:13px ui-monospace,monospace;background:#f4f5f7;border-radius:4px}
pre{padding:.7rem;overflow-x:auto}code{padding:.1rem .3rem}.failed{color:#b42318}.ready{color:#067647}
@media(prefers-color-scheme:dark){body{background:#15181c;color:#e6e8eb}code,pre{background:#22262c}td,th{border-color:#30353c}
a{color:#8ab4f8}}`;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char]!);
}

/** What the console shows of the stack. */
export interface ConsoleFacts {
  /** The address clients use. */
  readonly url: string;
  /** The key that may be shown to anyone; secret keys never reach this page. */
  readonly publishableKey?: string | undefined;
}

/** The page at `/`: what is served here, whether it loaded, and how to call it. */
export function consolePage(functions: FunctionTable, facts: ConsoleFacts): Response {
  const rows = [...functions.names].map((name) => {
    const kind = functions.get(name)?.kind ?? "unloaded";
    const path = `/functions/v1/${name}`;
    return `<tr><td><a href="${path}">${escapeHtml(name)}</a></td><td class="${kind}">${kind}</td></tr>`;
  });
  const key = facts.publishableKey ?? "<publishable key>";
  const example = `curl ${facts.url}/functions/v1/ops-health -H "apikey: ${key}"`;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ballast</title>
<meta name="viewport" content="width=device-width"><style>${style}</style></head><body><h1>Ballast, local stack</h1>
<p>Functions (<a href="/health">gateway health</a>):</p>
<table><thead><tr><th>function</th><th>state</th></tr></thead><tbody>${rows.join("")}</tbody></table>
<h2>Call one</h2><pre>${escapeHtml(example)}</pre>
<p>Publishable key: <code>${escapeHtml(key)}</code>. The secret key and the database address are in
<code>.ballast/stack.json</code>. A user's token: <code>deno task token --user you@example.com</code>.</p></body></html>`;
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      "cache-control": "no-store",
    },
  });
}
