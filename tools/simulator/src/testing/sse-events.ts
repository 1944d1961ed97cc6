/** The `data` of each event of a stream, read by the rules of the HTML standard: any newline, several data lines. */
export function sseEvents(bytes: Uint8Array): string[] {
  const events: string[] = [];
  let data: string[] = [];
  // TextDecoder drops the byte order mark, as the standard wants.
  for (const line of new TextDecoder().decode(bytes).split(/\r\n|\r|\n/)) {
    if (line === "") {
      if (data.length > 0) events.push(data.join("\n"));
      data = [];
    } else if (line.startsWith("data:")) {
      data.push(line.slice("data:".length).replace(/^ /, ""));
    }
  }
  return events;
}
