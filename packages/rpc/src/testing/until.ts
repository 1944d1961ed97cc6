/** Waits until a condition holds, looking every 5 ms; fails after 10 s. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`it never happened: ${what}`);
    await tick(5);
  }
}

/** Waits until a number has stayed the same for 40 looks, 5 ms apart, and returns it. */
export async function settled(read: () => number): Promise<number> {
  let last = read();
  let same = 0;
  await until("the number settles", () => {
    const now = read();
    same = now === last ? same + 1 : 0;
    last = now;
    return same >= 40;
  });
  return last;
}

function tick(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
