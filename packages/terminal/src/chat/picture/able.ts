/** What a terminal can draw, by what it answers and, where there is no question for it, by its name. */
export type Able = {
  readonly graphics: "kitty" | "iterm" | "sixel" | "none"
  /** Pixels of one cell. */
  readonly cell: { readonly width: number; readonly height: number }
  /** 24-bit colours. */
  readonly deep: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

/** kitty's query with a picture of one pixel, the size of a cell (XTWINOPS 16), and who are you (DA1), which all answer. */
export const questions = "\x1b_Gi=4207,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c"

export function ableBy(env: Environment): Able {
  const program = env.TERM_PROGRAM ?? ""
  const inside = env.TMUX !== undefined || /^(screen|tmux)/.test(env.TERM ?? "")
  const iterm = /^(iTerm\.app|WezTerm)$/.test(program) || env.LC_TERMINAL === "iTerm2"
  return {
    graphics: iterm && !inside ? "iterm" : "none",
    cell: { width: 10, height: 20 },
    deep: /^(truecolor|24bit)$/.test(env.COLORTERM ?? "") || /-direct$/.test(env.TERM ?? ""),
  }
}

/** The same, after an answer of the terminal (input/decode.ts). */
export function ableAfter(able: Able, answer: string): Able {
  if (/^Gi=4207;OK/.test(answer)) return { ...able, graphics: "kitty", deep: true }
  const cell = /^6;(\d{1,3});(\d{1,3})t$/.exec(answer)
  if (cell) {
    const [height, width] = [Number(cell[1]), Number(cell[2])]
    return height > 0 && width > 0 ? { ...able, cell: { width, height } } : able
  }
  const is = /^\?([\d;]+)c$/.exec(answer)
  if (is && able.graphics === "none" && is[1]?.split(";").slice(1).includes("4"))
    return { ...able, graphics: "sixel" }
  return able
}
