/**
 * Part of a file, as a reader asks for it: of a blob in the house, and of a decrypted file in the page.
 * One range; whatever else a header may say is not understood, and a server may then answer with the whole (RFC 9110, 14.2).
 */
export function rangeOf(
  header: string | null | undefined,
  size: number,
): { readonly from: number; readonly to: number } | "unsatisfiable" | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? []
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined
  if (first === "") {
    const length = Math.min(Number(last), size)
    return length > 0 ? { from: size - length, to: size } : "unsatisfiable"
  }
  const from = Number(first)
  const to = last === "" ? size : Math.min(Number(last) + 1, size)
  if (last !== "" && Number(last) < from) return undefined
  return from < size ? { from, to } : "unsatisfiable"
}
