/** Rows for a terminal: columns under each other, also where names are Chinese, whose characters are twice as wide. */
const wide =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\u{20000}-\u{3FFFD}]/u

export const widthOf = (text: string): number =>
  [...text].reduce((sum, one) => sum + (wide.test(one) ? 2 : 1), 0)

/** The last column is not filled up. */
export function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, widthOf(cell))
    })
  return rows.map((row) =>
    row
      .map((cell, i) => cell + (i < row.length - 1 ? " ".repeat((widths[i] ?? 0) - widthOf(cell)) : ""))
      .join("  ")
      .trimEnd(),
  )
}
