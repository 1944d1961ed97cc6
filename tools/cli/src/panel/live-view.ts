import type { RunEvent } from "@synod/consensus";
import { createEscaper, oneLine } from "../format/escape.js";
import { duration } from "../format/figures.js";
import { cut } from "../format/table.js";
import type { Output } from "../terminal.js";
import { drawPanel } from "./draw.js";
import { type Panel, panelOf } from "./panel.js";
import type { View } from "./view.js";

/** What a live view works with. */
export interface LiveViewDeps {
  /** A terminal. */
  readonly out: Output;
  /** Who is asked, while there is no panel. */
  readonly model: string;
  readonly now: () => number;
  readonly every: (ms: number, task: () => void) => () => void;
}

const redrawMs = 100;
/** A line that wraps would shift all others. They are cut before, but for characters that are wider than others. */
const noWrap = "\x1b[?7l";
const wrap = "\x1b[?7h";

/**
 * The panel on a terminal, drawn anew as things happen, and below it the answer. Once the answer has begun the panel stays
 * as it is: what is above a text that scrolls cannot be drawn again.
 */
export function createLiveView({ out, model, now, every }: LiveViewDeps): View {
  const events: RunEvent[] = [];
  const startMs = now();
  let roundStartMs = startMs;
  let panel: Panel | undefined;
  let drawn = 0;
  let frame = 0;
  let over = false;
  let last = "";
  const escaper = createEscaper();
  const stop = every(redrawMs, () => {
    frame += 1;
    draw();
  });
  draw();

  function draw(): void {
    if (!over) redraw(linesNow());
  }

  function redraw(lines: readonly string[]): void {
    const up = drawn === 0 ? "" : `\x1b[${drawn}A`;
    out.write(`${up}\r\x1b[J${noWrap}${lines.map((line) => `${line}\n`).join("")}${wrap}`);
    drawn = lines.length;
  }

  function linesNow(): readonly string[] {
    const totalMs = now() - startMs;
    const { rows, columns } = out.size();
    if (panel === undefined) return [cut(oneLine(`asking ${model} · ${duration(totalMs)}`), columns - 1)];
    const roundMs = now() - roundStartMs;
    return drawPanel(panel, { roundMs, totalMs, frame, hasColors: out.hasColors, rows: rows - 1, columns });
  }

  /** Leaves the panel as it stands: whatever goes on is not shown any more. Without one nothing is left. */
  function settle(): void {
    if (over) return;
    if (panel !== undefined) panel = { ...panel, activity: "finished" };
    redraw(panel === undefined ? [] : [...linesNow(), ""]);
    stop();
    over = true;
  }

  return {
    event(event) {
      if (event.type === "round_started") roundStartMs = now();
      events.push(event);
      if (over || event.type === "run_started") return;
      panel = panelOf(events);
      draw();
    },
    text(piece) {
      settle();
      const text = escaper(piece);
      out.write(text);
      last = text || last;
    },
    end() {
      settle();
      if (last !== "") out.write(last.endsWith("\n") ? "\n" : "\n\n");
    },
  };
}
