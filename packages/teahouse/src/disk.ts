/** What a disk says, in words. */
import type { Problem } from "@teahouse/server/config.ts"

const SQLITE_FULL = 13
const SQLITE_IOERR = 10

/** undefined: it is something else, a bug. */
export function diskProblem(error: unknown, path: string): Problem | undefined {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  if (code === "ENOSPC" || code === "EDQUOT" || errcode === SQLITE_FULL)
    return {
      zh: `${path} 所在磁盘已满，没有留下未完成的内容。请清理空间后重试。`,
      en: `The disk of ${path} is full; nothing unfinished was left there. Make room and try again.`,
    }
  if (code === "EIO" || (typeof errcode === "number" && (errcode & 255) === SQLITE_IOERR))
    return {
      zh: `${path} 所在磁盘报错，没有完成。请检查磁盘（dmesg、smartctl，或网络盘的连接）后重试。`,
      en: `The disk of ${path} reports an error, so it was not done. Check the disk (dmesg, smartctl, the line to a network drive) and try again.`,
    }
  if (["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR"].includes(String(code)))
    return {
      zh: `${path} 无法读取或写入。请检查路径和权限。`,
      en: `${path} cannot be read or written. Check the path and its permissions.`,
    }
  return undefined
}

export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`
