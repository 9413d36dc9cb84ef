/** Where a key leads in a grid of so many cells; undefined: the grid has nothing to do with it. Below 0: out of it, upwards. */
export function stepTo(
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
  here: number,
  count: number,
  columns: number,
): number | undefined {
  const rowStart = here - (here % columns)
  const to = {
    ArrowRight: here + 1,
    ArrowLeft: here - 1,
    ArrowDown: here + columns,
    ArrowUp: here - columns,
    Home: ctrlKey ? 0 : rowStart,
    End: ctrlKey ? count - 1 : rowStart + columns - 1,
    PageDown: here + 5 * columns,
    PageUp: here - 5 * columns,
  }[key]
  if (to === undefined || (to < 0 && key === "ArrowUp")) return to
  return Math.min(count - 1, Math.max(0, to))
}
