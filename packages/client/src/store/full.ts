/** What a store rejects with where the device has no room left, as browsers name it; other platforms' adapters give their errors this name. */
export const FULL = "QuotaExceededError"

export const isFull = (error: unknown): boolean => (error as Error | null)?.name === FULL
