/** A part that is loaded by whoever needs it first. What did not come (no network) is asked for again by the next one. */
export function lazily<T>(load: () => Promise<T>) {
  let loading: Promise<T> | undefined
  return {
    get: (): Promise<T> => {
      loading ??= load().catch((error: unknown) => {
        loading = undefined
        throw error
      })
      return loading
    },
    /** Nothing where nobody has needed it yet. */
    begun: (): Promise<T> | undefined => loading,
  }
}
