/** The blur inside a message, as an address. A hash from a stranger may be nonsense; then there is none. */
import { useMemo } from "react"
import { thumbHashToDataURL } from "thumbhash"

export function useBlur(hash: Uint8Array | undefined): string | undefined {
  const key = hash?.join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: each snapshot brings the same bytes in a new array
  return useMemo(() => {
    try {
      return hash && thumbHashToDataURL(hash)
    } catch {
      return undefined
    }
  }, [key])
}
