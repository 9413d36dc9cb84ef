/** The machine: its clock, its memory, how many files a process may have open, and the Node that runs us. */
import { totalmem } from "node:os"
import { type CertificateFiles, readPair } from "@teahouse/server/ops/certificate.ts"
import { amiss, type Finding, good } from "./finding.ts"

const MB = 1024 * 1024
/** Of the release: no clock that is right can be before it (ms UTC). */
const RELEASED = Date.UTC(2026, 10, 1)
const [LITTLE_BYTES, FEW_FILES] = [512 * MB, 4096]
/** Clients and other nodes live with this much. */
const APART_MS = 2_000

/** `other`: what another clock says, ms UTC, and whose it is. */
export function clockFinding(now: number, other?: { readonly at: number; readonly of: string }): Finding {
  const advice = {
    zh: "请打开时间同步：timedatectl set-ntp true",
    en: "Let the machine keep time: timedatectl set-ntp true",
  }
  const time = new Date(now).toISOString()
  if (now < RELEASED)
    return amiss(
      "clock",
      "bad",
      { zh: `系统时间是 ${time}，不可能正确。`, en: `The clock says ${time}, which cannot be.` },
      advice,
    )
  const apart = other ? Math.abs(now - other.at) : 0
  if (other && apart > APART_MS) {
    const seconds = (apart / 1000).toFixed(1)
    return amiss(
      "clock",
      "bad",
      {
        zh: `系统时间与${other.of}相差 ${seconds} 秒。`,
        en: `The clock is ${seconds} s apart from that of ${other.of}.`,
      },
      advice,
    )
  }
  return good("clock", `系统时间 ${time}。`, `The clock says ${time}.`)
}

export function memoryFinding(bytes = totalmem()): Finding {
  const size = `${Math.round(bytes / MB)} MB`
  if (bytes >= LITTLE_BYTES) return good("memory", `内存 ${size}。`, `${size} of memory.`)
  return amiss(
    "memory",
    "doubtful",
    { zh: `内存只有 ${size}。`, en: `There are only ${size} of memory.` },
    {
      zh: "茶馆启动后约需 150 MB；请关闭其他程序，或限制它们。",
      en: "Teahouse needs about 150 MB. Close other programs, or bound them.",
    },
  )
}

/** undefined: a system that has no such bound, or does not tell. */
export function filesFinding(limit = openFiles()): Finding | undefined {
  if (limit === undefined) return undefined
  if (limit >= FEW_FILES)
    return good(
      "files",
      `可同时打开 ${limit} 个文件和连接。`,
      `${limit} files and connections may be open at once.`,
    )
  return amiss(
    "files",
    "doubtful",
    {
      zh: `只能同时打开 ${limit} 个文件和连接。`,
      en: `Only ${limit} files and connections may be open at once.`,
    },
    {
      zh: "每个连接占一个：systemd 用 LimitNOFILE=65536，终端用 ulimit -n 65536。",
      en: "Each connection takes one: LimitNOFILE=65536 in systemd, ulimit -n 65536 in a shell.",
    },
  )
}

function openFiles(): number | undefined {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } }
  const soft = report.userLimits?.open_files?.soft
  return soft === "unlimited" ? Number.MAX_SAFE_INTEGER : typeof soft === "number" ? soft : undefined
}

const DAY_MS = 86_400_000
const SOON_DAYS = 14

export function certificateFinding(files: CertificateFiles, now: number): Finding {
  const advice = {
    zh: "请更新证书文件；服务器每分钟会重新读取，无须重启。",
    en: "Renew the files; the house reads them again each minute, without a restart.",
  }
  const read = readPair(files, now)
  if (!read.ok) return amiss("certificate", "bad", read.error, advice)
  const days = Math.floor((read.value.until - now) / DAY_MS)
  const said = { zh: `证书还有 ${days} 天到期。`, en: `The certificate ends in ${days} days.` }
  return days < SOON_DAYS
    ? amiss("certificate", "doubtful", said, advice)
    : good("certificate", said.zh, said.en)
}
