import { createHash } from "node:crypto";

/** What the page says. */
export interface PageFacts {
  readonly version: string;
  /** Where Synod is reached. Example: `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Whether callers need a key. */
  readonly needsKey: boolean;
  readonly panels: readonly PagePanel[];
}

/** A panel that can be asked. */
export interface PagePanel {
  /** Example: `synod/default`. */
  readonly model: string;
  readonly strategy: string;
  readonly members: readonly string[];
  readonly simulated: boolean;
}

const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .4rem 0; }
small { opacity: .7; font-weight: normal; }
.note { border: 1px solid var(--line); border-left: .3rem solid #c80; background: var(--soft); padding: .6rem .8rem; margin: 1rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); }
ul { list-style: none; margin: 0; padding: 0; }
code, pre { font: .9em/1.5 ui-monospace, monospace; }
pre { background: var(--soft); border: 1px solid var(--line); padding: .8rem; overflow-x: auto; }
`;

/** What browsers may do with the page: show it with this one style. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The page at `/`. */
export function pageHtml(facts: PageFacts): string {
  const { version, panels } = facts;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Synod</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Synod <small>${escaped(version)}</small></h1>
<p>One answer from many models.</p>
${simulationNote(panels)}
<h2>Panels</h2>
<div class="scroll">
<table>
<thead><tr><th scope="col">Model</th><th scope="col">Members</th><th scope="col">One answer by</th></tr></thead>
<tbody>
${panels.map(panelRow).join("\n")}
</tbody>
</table>
</div>
<h2>Ask</h2>
<pre><code>${escaped(curlOf(facts))}</code></pre>
<p>Any client of OpenAI works with the base URL <code>${escaped(facts.origin)}/v1</code>. One model is asked by its own id.</p>
<h2>More</h2>
<p><a href="/v1/models">Models</a> · <a href="/openapi.json">OpenAPI</a> · <a href="/v1/runs">Runs</a> · <a href="/metrics">Metrics</a></p>
<p>The documentation is in the folder <code>docs</code> beside the source.</p>
</main>
</body>
</html>
`;
}

function simulationNote(panels: readonly PagePanel[]): string {
  const simulated = panels.filter((panel) => panel.simulated).length;
  if (simulated === 0) return "";
  const what =
    simulated === panels.length
      ? "This is a simulation: its models are no real ones."
      : "Panels that say “simulated” have members that are no real models.";
  const how =
    "Set <code>OPENROUTER_API_KEY</code> or <code>GROQ_API_KEY</code> and start again to ask real ones.";
  return `<p class="note">${what} ${how}</p>`;
}

function panelRow({ model, members, strategy, simulated }: PagePanel): string {
  const note = simulated ? " <small>simulated</small>" : "";
  const items = members.map((member) => `<li><code>${escaped(member)}</code></li>`).join("");
  return `<tr><td><code>${escaped(model)}</code>${note}</td><td><ul>${items}</ul></td><td>${escaped(strategy)}</td></tr>`;
}

function curlOf({ origin, needsKey, panels }: PageFacts): string {
  const model = (panels.find(({ model: name }) => name === "synod/default") ?? panels[0])?.model;
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "What is 17 * 23?" }] });
  const key = needsKey ? `\n  -H "authorization: Bearer $SYNOD_API_KEY" \\` : "";
  return `curl ${origin}/v1/chat/completions \\${key}\n  -H 'content-type: application/json' \\\n  -d '${body}'`;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}
