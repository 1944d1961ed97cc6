/** Runs tasks one after another. A task that fails keeps none of the others from running. */
export type Queue = <T>(task: () => Promise<T>) => Promise<T>;

/** Makes an empty queue. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => {}); // whoever waits for the task hears of it
    return result;
  };
}
