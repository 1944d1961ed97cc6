import { describe, expect, it } from "vitest";
import { createChannel } from "./channel.js";

describe("createChannel", () => {
  it("hands over what is sent, in order, and ends when it is closed", async () => {
    const channel = createChannel<number>(new AbortController().signal);
    void channel.send(1);
    void channel.send(2);
    const reading = (async () => {
      const read: number[] = [];
      for await (const message of channel.messages()) read.push(message);
      return read;
    })();
    await channel.send(3);
    channel.close();
    expect(await reading).toEqual([1, 2, 3]);
  });

  it("lets a sender wait until its message was read", async () => {
    const channel = createChannel<number>(new AbortController().signal);
    let sent = false;
    const sending = channel.send(1).then(() => {
      sent = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toBe(false);
    const messages = channel.messages();
    await messages.next();
    await sending;
    expect(sent).toBe(true);
  });

  it("lets everyone go when nobody reads any more", async () => {
    const leaving = new AbortController();
    const channel = createChannel<number>(leaving.signal);
    const sending = channel.send(1);
    leaving.abort();
    await sending;
    await channel.send(2);
    expect((await channel.messages().next()).done).toBe(true);
    expect((await createChannel<number>(AbortSignal.abort()).messages().next()).done).toBe(true);
  });
});
