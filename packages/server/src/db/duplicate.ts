/** Duplicate keys are told apart by the database's own codes, because upserts are spelled differently everywhere. */
const SQLITE = new Set([1555, 2067])
const MYSQL = 1062

/** True if a write failed because a row with this primary or unique key is there already. */
export function isDuplicate(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false
  const { errcode, errno } = error as { errcode?: unknown; errno?: unknown }
  return (typeof errcode === "number" && SQLITE.has(errcode)) || errno === MYSQL
}
