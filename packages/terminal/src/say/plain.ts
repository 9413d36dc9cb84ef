/**
 * What others wrote, for a terminal: no character of theirs may command it (ECMA-48 control functions, C0 and C1), turn the direction of
 * what stands beside it, or hide. Tabs become blanks; line ends stay only where `lines` is set.
 */
export function plain(text: string, lines = false): string {
  const one = text.replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n").replace(/\t/g, "    ")
  return (lines ? one : one.replace(/\n/g, " ")).replace(UNSAFE, "")
}

/** Line ends are left to whoever asked for them. */
const UNSAFE =
  /(?!\n)\p{Cc}|\p{Cs}|[\u061c\u200b\u200e\u200f\u2060\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu
