/** Why a house does not open, in words for whoever started it: what is wrong, and what to do. */
import type { Problem } from "../config.ts"

/** What the program ends with where a house is open that has to be closed first. */
export const IN_USE = 17

export class StartRefused extends Error {
  readonly problem: Problem
  /** What the program ends with. */
  readonly exit: number

  constructor(problem: Problem, cause?: unknown, exit = 1) {
    super(problem.en, { cause })
    this.exit = exit
    this.name = "StartRefused"
    this.problem = problem
  }
}

/** From what the system said about listening. */
export function listenProblem(error: unknown, host: string, port: number): StartRefused | undefined {
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return new StartRefused(
        {
          zh: `端口 ${port} 已被其他程序占用。请关闭它，或换一个端口：--port ${port + 1}`,
          en: `Port ${port} is in use by another program. Close it, or take another port: --port ${port + 1}`,
        },
        error,
      )
    case "EACCES":
      return new StartRefused(
        {
          zh: `没有权限使用端口 ${port}。1024 以下的端口通常需要管理员权限，请换一个，例如 8000。`,
          en: `Port ${port} may not be used by this user. Ports below 1024 usually need an administrator; take another, like 8000.`,
        },
        error,
      )
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new StartRefused(
        {
          zh: `这台机器没有地址“${host}”。只在本机使用请填 127.0.0.1，允许其他机器访问请填 0.0.0.0。`,
          en: `This machine has no address “${host}”. Use 127.0.0.1 for this machine only, or 0.0.0.0 to let others in.`,
        },
        error,
      )
    default:
      return undefined
  }
}

/** The same of the port for http beside https, where another number is no help to whom a certificate authority has to reach. */
export function plainProblem(error: unknown, port: number): StartRefused | undefined {
  const code = codeOf(error)
  if (code !== "EADDRINUSE" && code !== "EACCES") return undefined
  const problem =
    code === "EADDRINUSE"
      ? {
          zh: `端口 ${port}（redirect_port）已被其他程序占用。`,
          en: `Port ${port} (redirect_port) is in use by another program.`,
        }
      : {
          zh: `没有权限使用端口 ${port}（redirect_port）。`,
          en: `Port ${port} (redirect_port) may not be used by this user.`,
        }
  return new StartRefused(
    {
      zh: `${problem.zh}请让出它：关闭那个程序，或授予权限（systemd：deploy/systemd/ports.conf）；也可用 redirect_port 换一个，并让路由器把 80 端口转到它。`,
      en: `${problem.en} Make it free, or give leave (systemd: deploy/systemd/ports.conf); or take another one with redirect_port, and let the router lead port 80 to it.`,
    },
    error,
  )
}

/** Which folder is meant, and how another one is named. */
export type FolderOf = { readonly zh: string; readonly en: string; readonly by: string }
const theData: FolderOf = { zh: "数据目录", en: "data folder", by: "--data" }

export function dataProblem(error: unknown, folder: string, of = theData): StartRefused | undefined {
  switch (codeOf(error)) {
    case "EACCES":
    case "EPERM":
    case "ENOENT":
    case "EROFS":
      return new StartRefused(
        {
          zh: `${of.zh} ${folder} 不可写。请检查权限，或用 ${of.by} 指定其他目录。`,
          en: `The ${of.en} ${folder} cannot be written to. Check its permissions, or name another with ${of.by}.`,
        },
        error,
      )
    case "ENOTDIR":
    case "EEXIST":
      return new StartRefused(
        {
          zh: `${folder} 不是目录。请用 ${of.by} 指定一个目录。`,
          en: `${folder} is not a folder. Name one with ${of.by}.`,
        },
        error,
      )
    case "ENOSPC":
      return new StartRefused(
        {
          zh: `${of.zh} ${folder} 所在磁盘已满。请清理空间后重试。`,
          en: `The disk of the ${of.en} ${folder} is full. Make room and try again.`,
        },
        error,
      )
    default:
      return undefined
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error ? (error as { code?: unknown }).code : undefined
