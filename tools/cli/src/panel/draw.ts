import { oneLine } from "../format/escape.js";
import { count, duration } from "../format/figures.js";
import { cut } from "../format/table.js";
import { seatName } from "./event-line.js";
import type { Seat } from "./members.js";
import type { Panel } from "./panel.js";

/** How a panel is drawn. */
export interface Drawing {
  /** Milliseconds since its round began, and since the question was asked. */
  readonly roundMs: number;
  readonly totalMs: number;
  /** Which picture of the moving sign, from 0. */
  readonly frame: number;
  readonly hasColors: boolean;
  /** Lines at most, 3 or more; and characters in a line. */
  readonly rows: number;
  readonly columns: number;
}

const moving = ["|", "/", "-", "\\"];
const colors = { green: 32, red: 31, yellow: 33, dim: 90 } as const;
type Color = keyof typeof colors;

/** A panel as lines. Each is fit for a terminal but for its own colours. */
export function drawPanel(panel: Panel, drawing: Drawing): readonly string[] {
  const { seats } = panel;
  const paint = (color: Color, text: string): string =>
    drawing.hasColors ? `\x1b[${colors[color]}m${text}\x1b[0m` : text;
  const width = Math.max(0, ...seats.map((seat) => nameOf(seat).length));
  const shown = seats.slice(0, Math.max(1, drawing.rows - 3));
  const hidden = seats.length - shown.length;
  return [
    paint("dim", cut(headOf(panel), drawing.columns - 1)),
    ...shown.map((seat) => seatLine(seat, panel, drawing, width, paint)),
    ...(hidden > 0 ? [paint("dim", `  and ${hidden} more`)] : []),
    paint("dim", cut(footOf(panel, drawing), drawing.columns - 1)),
  ];
}

function headOf({ preset, strategy, round, maxRounds, regeneration }: Panel): string {
  const which = regeneration > 0 ? `regeneration ${regeneration}` : `round ${round} of ${maxRounds}`;
  return oneLine(`synod/${preset} · ${strategy}${round === 0 ? "" : ` · ${which}`}`);
}

const nameOf = (seat: Seat): string =>
  cut(oneLine(seatName({ model: seat.record?.model ?? seat.model, sample: seat.voter.sample })), 48);

type Paint = (color: Color, text: string) => string;

function seatLine(seat: Seat, panel: Panel, drawing: Drawing, width: number, paint: Paint): string {
  const { sign, color, said, tookMs } = stateOf(seat, panel, drawing);
  const took = tookMs === undefined ? "" : duration(tookMs);
  // What is beside the text: two blanks, the sign, a blank, the name, and two blanks before each of the others.
  const room = drawing.columns - 1 - (4 + width + 2) - (took === "" ? 0 : took.length + 2);
  const text = cut(oneLine(said), Math.max(1, room));
  const parts = [
    ...(text === "" ? [] : [color === "green" ? text : paint(color, text)]),
    ...(took === "" ? [] : [paint("dim", took)]),
  ];
  return `  ${paint(color, sign)} ${nameOf(seat).padEnd(width)}  ${parts.join("  ")}`;
}

interface SeatState {
  readonly sign: string;
  readonly color: Color;
  readonly said: string;
  readonly tookMs?: number;
}

function stateOf({ asked, record }: Seat, { activity }: Panel, { roundMs, frame }: Drawing): SeatState {
  if (record === undefined) {
    if (!asked) return { sign: "·", color: "dim", said: "not asked" };
    // The round is over: it was stopped, which its event says a moment later.
    if (activity !== "asking") return { sign: "·", color: "dim", said: "stopped" };
    return { sign: moving[frame % moving.length] ?? "", color: "yellow", said: "", tookMs: roundMs };
  }
  const tookMs = record.latencyMs;
  switch (record.status) {
    case "answered":
      return { sign: "✓", color: "green", said: record.answerKey, tookMs };
    case "abstained":
      return { sign: "✓", color: "yellow", said: record.abstention?.message ?? "no vote", tookMs };
    case "failed":
      return { sign: "✗", color: "red", said: record.failure?.message ?? "failed", tookMs };
    case "cancelled":
      return { sign: "·", color: "dim", said: "stopped", tookMs };
    default:
      return record.status satisfies never;
  }
}

function footOf({ seats, activity, aggregator }: Panel, { totalMs }: Drawing): string {
  const answered = seats.filter(
    ({ record }) => record?.status === "answered" || record?.status === "abstained",
  );
  const failed = seats.filter(({ record }) => record?.status === "failed");
  const counts = [
    `${answered.length}/${seats.length} answered`,
    ...(failed.length > 0 ? [count(failed.length, "failure")] : []),
  ].join(", ");
  const doing = {
    asking: "",
    aggregating: aggregator === "" ? "aggregating" : `aggregating with ${aggregator}`,
    judging: "judging",
    finished: "",
  }[activity];
  return oneLine([counts, ...(doing === "" ? [] : [doing]), duration(totalMs)].join(" · "));
}
