/** The results of promises as they come, each with its position. Fails as soon as one of them does. */
export async function* asCompleted<T>(
  promises: readonly Promise<T>[],
): AsyncGenerator<{ readonly index: number; readonly result: T }, void, undefined> {
  const open = new Map(
    promises.map((promise, index) => [index, promise.then((result) => ({ index, result }))] as const),
  );
  while (open.size > 0) {
    const done = await Promise.race(open.values());
    open.delete(done.index);
    yield done;
  }
}
