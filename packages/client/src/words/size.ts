/** Sizes as people read them: powers of 1024 under the names that systems show, one digit after the point below ten. */
const units = ["B", "KB", "MB", "GB", "TB"]

export function sizeText(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1
  return `${Number(value.toFixed(digits))} ${units[unit]}`
}

/** 0:07, 3:25, 1:02:09. */
export function lengthText(ms: number): string {
  const seconds = Math.round(Math.max(0, ms) / 1000)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number) => String(n).padStart(2, "0")
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
