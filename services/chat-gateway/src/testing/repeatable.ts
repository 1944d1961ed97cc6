import { ask } from "./gateway.js";

/** Where chats are asked for. */
export const chatPath = "/v1/chat/completions";
/** What an answer says of being told again. */
export const replayed = (response: Response): string | null => response.headers.get("idempotency-replayed");

/** For what takes as long as the machine needs. */
export const generously = { withinMs: 10_000 };

/** What can be asked, and how many calls it costs. */
export const ways = [
  ["a panel", chatPath, ask(), 3],
  ["a streamed panel", chatPath, ask({ stream: true }), 3],
  ["one model", chatPath, ask({ model: "groq/x" }), 1],
  ["one streamed model", chatPath, ask({ model: "groq/x", stream: true }), 1],
  ["a text completion", "/v1/completions", { model: "a/b", prompt: "Once" }, 1],
  ["a streamed text completion", "/v1/completions", { model: "a/b", prompt: "Once", stream: true }, 1],
  ["the reference system's route", "/api/routes/chat/", { user_message: "hi" }, 3],
] as const;

/** The text of an answer, streamed or not, without what differs by how it came in pieces. */
export async function textOf(response: Response): Promise<string> {
  const body = await response.text();
  const pieces = body.startsWith("{")
    ? [body]
    : body.split("\n").filter((line) => line.startsWith("data: {"));
  return pieces
    .map((piece) => JSON.parse(piece.replace(/^data: /, "")))
    .flatMap(({ choices = [], response: said }) => [said, ...choices.map(contentOf)])
    .join("");
}

const contentOf = (choice: {
  readonly text?: string;
  readonly message?: { readonly content: string };
  readonly delta?: { readonly content?: string };
}): string => choice.text ?? choice.message?.content ?? choice.delta?.content ?? "";
