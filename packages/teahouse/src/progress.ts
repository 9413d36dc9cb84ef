/** How far something long is. A line each second is enough, and the last of each table. */
let shown = 0

export function progress(step: "copy" | "compare", what: string, done: number, all: number): void {
  if (done < all && Date.now() - shown < 1_000) return
  shown = Date.now()
  const words = step === "copy" ? "复制 copying" : "核对 comparing"
  console.error(`${words} ${what} ${done}/${all}`)
}
