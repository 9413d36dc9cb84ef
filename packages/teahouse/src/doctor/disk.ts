/** The data folder: whether it may be written, by whom it may be read, how much room there is, how long the disk takes to be sure. */
import { randomUUID } from "node:crypto"
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { HOUSE_FILE } from "@teahouse/server/house/house.ts"
import { amiss, type Finding, good } from "./finding.ts"

const MB = 1024 * 1024
/** A house that has less than this cannot write a backup or a large file. */
const [SCARCE, LITTLE] = [100 * MB, 1024 * MB]
/** What people wait for at least, with each message. */
const SLOW_MS = 25
const TURNS = 21

export function folderFinding(data: string): Finding {
  const there = existsSync(data)
  const place = there ? data : firstParent(data)
  try {
    accessSync(place, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return amiss(
      "folder",
      "bad",
      { zh: `数据目录 ${data} 不可写。`, en: `The data folder ${data} cannot be written to.` },
      {
        zh: `让运行茶馆的用户拥有它：chown -R 用户 ${place}`,
        en: `Let the user that runs Teahouse own it: chown -R USER ${place}`,
      },
    )
  }
  if (!there)
    return good(
      "folder",
      `数据目录 ${data} 还不存在，会自动建立。`,
      `The data folder ${data} is not there yet, and can be made.`,
    )
  const open = process.platform === "win32" ? [] : [data, join(data, HOUSE_FILE)].filter(isOpenToOthers)
  if (open.length === 0)
    return good(
      "folder",
      `数据目录 ${data} 可写，他人不可读。`,
      `The data folder ${data} can be written to, and is its owner's alone.`,
    )
  return amiss(
    "folder",
    "doubtful",
    { zh: `其他用户可以读取 ${open.join("、")}。`, en: `Other users can read ${open.join(" and ")}.` },
    { zh: `chmod go= ${open.join(" ")}`, en: `chmod go= ${open.join(" ")}` },
  )
}

const isOpenToOthers = (path: string) => existsSync(path) && (statSync(path).mode & 0o077) !== 0

export function roomFinding(data: string): Finding {
  const { bavail, bsize } = statfsSync(existsSync(data) ? data : firstParent(data))
  const free = bavail * bsize
  const said = {
    zh: `可用空间 ${sizeOf(free)}。`,
    en: `${sizeOf(free)} are free on the disk of the data folder.`,
  }
  if (free >= LITTLE) return good("room", said.zh, said.en)
  return amiss("room", free < SCARCE ? "bad" : "doubtful", said, {
    zh: "请清理磁盘，或把数据目录移到更大的磁盘。磁盘写满后不再收下消息，已有的不会丢失。",
    en: "Make room, or move the data folder to a larger disk. On a full disk nothing more is taken, and nothing is lost.",
  })
}

/** The middle one of several: a 4 KiB write and the disk's word that it has it (`sync`). */
export function fsyncFinding(data: string, sync: (file: number) => void = fdatasyncSync): Finding {
  if (!existsSync(data))
    return good(
      "fsync",
      "数据目录建立后再测写入时间。",
      "How long the disk takes is measured once the data folder is there.",
    )
  const path = join(data, `doctor-${randomUUID()}`)
  const times: number[] = []
  const bytes = new Uint8Array(4096)
  try {
    const file = openSync(path, "wx", 0o600)
    try {
      for (let i = 0; i < TURNS; i++) {
        const began = performance.now()
        writeSync(file, bytes, 0, bytes.length, i * bytes.length)
        sync(file)
        times.push(performance.now() - began)
      }
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return unsure(String((error as NodeJS.ErrnoException).code))
  } finally {
    rmSync(path, { force: true })
  }
  const middle = times.sort((a, b) => a - b)[Math.floor(TURNS / 2)] ?? 0
  const said = {
    zh: `写入磁盘并确认需要 ${middle.toFixed(1)} 毫秒。`,
    en: `The disk takes ${middle.toFixed(1)} ms to be sure of a write.`,
  }
  if (middle <= SLOW_MS) return good("fsync", said.zh, said.en)
  return amiss("fsync", "doubtful", said, {
    zh: "每条消息都要等这么久。请把数据目录放在本机 SSD 上，不要放在网络盘。",
    en: "Every message waits for that. Keep the data folder on a local SSD, not on a network drive.",
  })
}

function unsure(code: string): Finding {
  const said = { zh: `磁盘没有确认写入（${code}）。`, en: `The disk is not sure of a write (${code}).` }
  if (code === "ENOSPC" || code === "EDQUOT")
    return amiss("fsync", "bad", said, { zh: "请清理磁盘空间。", en: "Make room on it." })
  return amiss("fsync", "bad", said, {
    zh: "不要在这块磁盘上开茶馆：请查看 dmesg 与 smartctl，必要时换盘，再从备份恢复。",
    en: "Open no house on it: see dmesg and smartctl, replace it where it must be, and restore a backup.",
  })
}

function firstParent(path: string): string {
  const parent = dirname(path)
  return existsSync(path) || parent === path ? path : firstParent(parent)
}

const sizeOf = (bytes: number): string =>
  bytes >= 1024 * MB ? `${(bytes / 1024 / MB).toFixed(1)} GB` : `${Math.round(bytes / MB)} MB`
