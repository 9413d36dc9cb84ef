/** Which of the two languages a person reads: a flag, else the environment's (POSIX: LC_ALL, LC_MESSAGES, LANG). */
export type Tongue = "zh" | "en"

export function tongueOf(env: Readonly<Record<string, string | undefined>>, flag?: string): Tongue {
  const said =
    flag ?? (env.LC_ALL || env.LC_MESSAGES || env.LANG || Intl.DateTimeFormat().resolvedOptions().locale)
  return /^zh/i.test(said) ? "zh" : "en"
}
