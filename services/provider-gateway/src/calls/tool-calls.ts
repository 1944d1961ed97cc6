import type { ToolCallDelta } from "../providers/codec.js";

/** More calls than any answer has; what is beyond is left out. */
const mostCalls = 128;

/** A tool call as it stands in a whole answer. */
export interface CollectedToolCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
}

/** Collects tool calls that arrive in parts. */
export class ToolCalls {
  readonly #calls = new Map<number, { id: string; name: string; arguments: string }>();
  #fresh: ToolCallDelta[] = [];

  /** Adds parts. */
  push(deltas: readonly ToolCallDelta[]): void {
    for (const delta of deltas) {
      const call = this.#calls.get(delta.index);
      if (call === undefined) {
        if (this.#calls.size >= mostCalls) continue;
        this.#calls.set(delta.index, { id: delta.id, name: delta.name, arguments: delta.arguments });
      } else {
        call.id ||= delta.id;
        call.name ||= delta.name;
        call.arguments += delta.arguments;
      }
      this.#joinFresh(delta);
    }
  }

  /** Whether there is any call. */
  get any(): boolean {
    return this.#calls.size > 0;
  }

  /** The calls, in the order in which they began. */
  whole(): readonly CollectedToolCall[] {
    return [...this.#calls.values()].map((call) => ({
      id: call.id.toWellFormed(),
      name: call.name.toWellFormed(),
      argumentsJson: call.arguments.toWellFormed(),
    }));
  }

  /** OpenAI's `delta.tool_calls` for what was added since the last time; empty when nothing was. */
  takeJson(): string {
    if (this.#fresh.length === 0) return "";
    const fresh = this.#fresh;
    this.#fresh = [];
    return JSON.stringify(
      fresh.map((delta) => ({
        index: delta.index,
        ...(delta.id !== "" && { id: delta.id, type: "function" }),
        function: { ...(delta.name !== "" && { name: delta.name }), arguments: delta.arguments },
      })),
    );
  }

  #joinFresh(delta: ToolCallDelta): void {
    const last = this.#fresh.at(-1);
    if (last === undefined || last.index !== delta.index) {
      this.#fresh.push(delta);
      return;
    }
    this.#fresh[this.#fresh.length - 1] = {
      index: delta.index,
      id: last.id || delta.id,
      name: last.name || delta.name,
      arguments: last.arguments + delta.arguments,
    };
  }
}
