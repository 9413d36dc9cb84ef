/**
 * A hint while typing, nothing more: the floor itself is judged by the client core when the account is made, and by
 * nobody else, because the house never sees the password.
 */
export type Strength = "weak" | "fair" | "good"

const worst = /^(?:(.)\1+|0?123456789?0?|qwerty\w*|password\w*|abc\w{0,6}|teahouse\w*|\d{6,8})$/i

export function strength(password: string, username: string): Strength {
  const points = [...password]
  const different = new Set(points).size
  const name = username.trim().toLowerCase()
  if (points.length < 8 || different < 5 || worst.test(password)) return "weak"
  if (name !== "" && password.toLowerCase().includes(name) && points.length < name.length + 8) return "weak"
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /\p{Lo}/u, /[^\p{L}\p{N}]/u].filter((kind) =>
    kind.test(password),
  ).length
  const score = points.length + 3 * (kinds - 1) + (/\p{Lo}/u.test(password) ? points.length : 0)
  return score >= 17 ? "good" : "fair"
}
