import type { RunEvent } from "@synod/consensus";
import { createEscaper } from "../format/escape.js";
import type { Output } from "../terminal.js";
import { eventLine } from "./event-line.js";
import type { View } from "./view.js";

/** Where a plain view writes. */
export interface PlainViewDeps {
  readonly out: Output;
  readonly err: Output;
  /** Whether what happens is left out. */
  readonly quiet: boolean;
}

/**
 * A line on `err` for each thing that happens, and the answer on `out`: for pipes, files and logs. Into a file the answer
 * goes as it is.
 */
export function createPlainView({ out, err, quiet }: PlainViewDeps): View {
  const events: RunEvent[] = [];
  const escaper = out.isTerminal ? createEscaper() : (piece: string): string => piece;
  let last = "";
  return {
    event(event) {
      events.push(event);
      if (!quiet) err.write(`${eventLine(events)}\n`);
    },
    text(piece) {
      const text = escaper(piece);
      out.write(text);
      last = text || last;
    },
    end() {
      if (last !== "" && !last.endsWith("\n")) out.write("\n");
    },
  };
}
