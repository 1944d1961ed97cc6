/** The members of an object as they stand in its JSON text, without the braces. */
export function membersOf(object: object): string {
  return JSON.stringify(object).slice(1, -1);
}

/** The members of a JSON object in text, as they were written. None for an empty text. */
export function membersIn(json: string): string {
  return json.trim().slice(1, -1).trim();
}

/** Members one after the other. Empty ones are left out. */
export function joinMembers(...members: readonly string[]): string {
  return members.filter((text) => text !== "").join(",");
}
