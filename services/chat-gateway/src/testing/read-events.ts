/** What happens in a run of three members that vote: the names of the events' arms in the contract. */
export const wholeRun = [
  "runStarted",
  "roundStarted",
  "memberAnswered",
  "memberAnswered",
  "memberAnswered",
  "roundEnded",
  "aggregated",
  "runFinished",
] as const;

/** The events of a run over HTTP, as far as they were read. */
export interface ReadEvents {
  /** In their order: the `id` of each, and its JSON. */
  readonly events: readonly { readonly id: number; readonly event: Readonly<Record<string, unknown>> }[];
  /** In their order, without the colon. */
  readonly comments: readonly string[];
  /** The JSON of the error that ended them; undefined when none did. */
  readonly error: unknown;
}

/** Takes the text of a run's events apart. Throws on anything else in it. */
export function parseEvents(text: string): ReadEvents {
  const events: { id: number; event: Readonly<Record<string, unknown>> }[] = [];
  const comments: string[] = [];
  let error: unknown;
  for (const block of text.split("\n\n").filter((each) => each !== "")) {
    const event = /^id: (\d+)\ndata: ([^\n]*)$/.exec(block);
    const failure = /^event: error\ndata: ([^\n]*)$/.exec(block);
    if (event !== null) events.push({ id: Number(event[1]), event: JSON.parse(event[2] ?? "") });
    else if (failure !== null) error = JSON.parse(failure[1] ?? "");
    else if (block.startsWith(": ")) comments.push(block.slice(2));
    else throw new Error(`neither event nor comment: ${block}`);
  }
  return { events, comments, error };
}

/** What happened in each event: the name of its arm in the contract. */
export function armsOf({ events }: ReadEvents): string[] {
  const places = ["runId", "seq", "createTime"];
  return events.map(({ event }) => Object.keys(event).find((name) => !places.includes(name)) ?? "");
}

/** Reads the body of an answer until it holds a text. Throws when it ends before. */
export async function readUntil(
  reader: ReadableStreamDefaultReader<string>,
  wanted: string,
): Promise<string> {
  let text = "";
  while (!text.includes(wanted)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended without ${wanted}: ${text}`);
    text += value;
  }
  return text;
}

/** Reads the body of an answer to its end. */
export async function readRest(reader: ReadableStreamDefaultReader<string>): Promise<string> {
  let text = "";
  for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
  return text;
}

/** Begins to read the body of an answer as text. */
export function readerOf(response: Response): ReadableStreamDefaultReader<string> {
  if (response.body === null) throw new Error("the answer has no body");
  return response.body.pipeThrough(new TextDecoderStream()).getReader();
}
