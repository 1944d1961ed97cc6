import { describe, expect, test } from "vitest";
import { Mailbox } from "./mailbox.js";

async function all<T>(mailbox: Mailbox<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of mailbox.read()) items.push(item);
  return items;
}

describe("a mailbox", () => {
  test("keeps what comes before it is read, and its order", async () => {
    const mailbox = new Mailbox<number>();
    mailbox.push(1);
    mailbox.push(2);
    mailbox.close();
    mailbox.push(3);
    expect(await all(mailbox)).toEqual([1, 2]);
  });

  test("wakes a reader that waits", async () => {
    const mailbox = new Mailbox<number>();
    const reader = mailbox.read();
    const first = reader.next();
    mailbox.push(1);
    expect(await first).toEqual({ done: false, value: 1 });
    const end = reader.next();
    mailbox.close();
    expect(await end).toEqual({ done: true, value: undefined });
  });

  test("fails at once, and only once", async () => {
    const mailbox = new Mailbox<number>();
    mailbox.push(1);
    mailbox.fail(new Error("first"));
    mailbox.fail(new Error("second"));
    await expect(all(mailbox)).rejects.toThrow("first");
  });

  test("does not fail after its end", async () => {
    const mailbox = new Mailbox<number>();
    mailbox.push(1);
    mailbox.close();
    mailbox.fail(new Error("late"));
    expect(await all(mailbox)).toEqual([1]);
  });
});
