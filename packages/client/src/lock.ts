/**
 * A room lock: what is done to one room is done one after another, because each step reads the state that the step
 * before it wrote. Different rooms do not wait for one another. Not reentrant: code that holds it never asks for it.
 */
export type Lock = <T>(task: () => Promise<T>) => Promise<T>

export function createLock(): Lock {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const run = last.then(task, task)
    last = run.catch(() => undefined)
    return run
  }
}
