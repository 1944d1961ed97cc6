import { once } from "node:events";
import type { Server } from "node:http";
import type { AskMessage, Asks, ChildMessage } from "./protocol.js";

/** The questions that a child answers. */
export type Answers = {
  readonly [K in keyof Asks]?: (
    question: Asks[K]["question"],
  ) => Asks[K]["answer"] | Promise<Asks[K]["answer"]>;
};

/**
 * Runs a child of the bench: listens on a free loopback port if it is a server, says that it is ready, answers what it
 * is asked, and ends when the bench is gone.
 */
export async function answerAsks(answers: Answers, server?: Server): Promise<void> {
  const say = (message: ChildMessage): void => void process.send?.(message);
  process.on("message", (message: AskMessage) => {
    const answer = answers[message.ask] as ((question: unknown) => unknown) | undefined;
    Promise.resolve(message.question)
      .then((question) => {
        if (answer === undefined) throw new Error(`Nobody answers "${message.ask}" here.`);
        return answer(question);
      })
      .then(
        (result) => say({ kind: "answer", id: message.id, answer: result }),
        (error: unknown) => say({ kind: "failed", id: message.id, message: String(error) }),
      );
  });
  process.on("disconnect", () => process.exit(0));

  let url = "";
  if (server !== undefined) {
    server.listen(0, "127.0.0.1", 4096);
    await once(server, "listening");
    const address = server.address();
    url = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
  }
  say({ kind: "ready", url });
}
