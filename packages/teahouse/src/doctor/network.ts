/** Who may listen, whether NATS answers, and whether browsers will let people encrypt under this address. */
import { once } from "node:events"
import { get as getPlain } from "node:http"
import { get as getSecure } from "node:https"
import { connect, createServer } from "node:net"
import type { Configuration } from "@teahouse/server/config.ts"
import { isLoopback } from "@teahouse/server/http/edge.ts"
import { amiss, type Finding, good } from "./finding.ts"

const PATIENCE_MS = 3_000

/** `ours`: whether what answers there is a Teahouse. */
export async function portFinding(
  host: string,
  port: number,
  check = "port",
  ours: (host: string, port: number) => Promise<boolean> = answersLikeUs,
): Promise<Finding> {
  const at = `${host}:${port}`
  if (port === 0) return good(check, "端口自动选择。", "Any free port is taken.")
  const code = await tryListening(host, port)
  if (code === undefined) return good(check, `${at} 可用。`, `${at} is free.`)
  if (code === "EADDRINUSE") {
    if (await ours(host, port)) return good(check, `${at} 上茶馆正在运行。`, `A Teahouse answers at ${at}.`)
    return amiss(
      check,
      "bad",
      { zh: `${at} 已被其他程序占用。`, en: `${at} is taken by another program.` },
      { zh: "请关闭它，或换一个端口（port）。", en: "Close that one, or take another port (port)." },
    )
  }
  const rights = code === "EACCES"
  return amiss(
    check,
    "bad",
    {
      zh: rights ? `没有权限使用 ${at}。` : `不能在 ${at} 监听（${code}）。`,
      en: rights ? `This user may not listen at ${at}.` : `Nobody can listen at ${at} (${code}).`,
    },
    rights
      ? {
          zh: "1024 以下的端口需要权限：systemd 的 AmbientCapabilities=CAP_NET_BIND_SERVICE，或让 nginx、Caddy 在前面。",
          en: "Ports below 1024 need leave: AmbientCapabilities=CAP_NET_BIND_SERVICE in systemd, or nginx or Caddy in front.",
        }
      : {
          zh: "请检查 host：仅本机用 127.0.0.1，所有地址用 0.0.0.0。",
          en: "Check host: 127.0.0.1 for this machine, 0.0.0.0 for all.",
        },
  )
}

async function tryListening(host: string, port: number): Promise<string | undefined> {
  const server = createServer()
  try {
    const failed = once(server, "error").then(([error]) => String((error as NodeJS.ErrnoException).code))
    server.listen({ host, port })
    return await Promise.race([once(server, "listening").then(() => undefined), failed])
  } finally {
    server.close()
  }
}

/** By http or https: whoever has this certificate is on this very machine. */
export async function answersLikeUs(host: string, port: number): Promise<boolean> {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host
  const ask = (get: typeof getPlain) =>
    new Promise<boolean>((done) => {
      const options = {
        host: name,
        port,
        path: "/api/house",
        timeout: PATIENCE_MS,
        rejectUnauthorized: false,
      }
      const asked = get(options, (answer) => {
        let text = ""
        answer.setEncoding("utf8").on("data", (part: string) => {
          text = (text + part).slice(0, 65_536)
        })
        answer.on("end", () => done(/^\{.*"house":"/.test(text))).on("error", () => done(false))
      })
      asked.on("timeout", () => asked.destroy()).on("error", () => done(false))
    })
  return (await ask(getPlain)) || (await ask(getSecure))
}

/** In NATS the server speaks first, with INFO. */
export async function natsFinding(urls: string): Promise<Finding> {
  const places = urls.split(",").map((one) => new URL(one.trim()))
  const answers = await Promise.all(
    places.map(({ hostname, port }) => saysInfo(hostname, Number(port || 4222))),
  )
  const silent = places.filter((_, i) => !answers[i]).map(({ host }) => host)
  if (silent.length === 0) return good("nats", "NATS 有应答。", "NATS answers.")
  const list = silent.join(", ")
  return amiss(
    "nats",
    silent.length < places.length ? "doubtful" : "bad",
    { zh: `NATS 没有应答：${list}。`, en: `NATS does not answer at ${list}.` },
    {
      zh: "请检查地址、防火墙，以及 nats-server 是否在运行。没有它时，其他节点的消息最多晚 5 秒。",
      en: "Check the address, the firewall, and that nats-server runs. Without it what happens at other nodes comes up to 5 s later.",
    },
  )
}

async function saysInfo(host: string, port: number): Promise<boolean> {
  const socket = connect({ host: host.replace(/^\[|\]$/g, ""), port })
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("silent")))
  try {
    const [first] = (await once(socket, "data")) as [Buffer]
    return first.toString("latin1").startsWith("INFO ")
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** Browsers give pages the means to encrypt on https and on this very machine only (W3C Secure Contexts). */
export function secureFinding({
  host,
  origins,
  selfSigned,
}: Pick<Configuration, "host" | "origins" | "selfSigned">): Finding {
  const plain = origins.filter(
    (origin) => origin.startsWith("http:") && !isLoopback(new URL(origin).hostname),
  )
  const advice = {
    zh: "浏览器只允许 https 页面加密。有公开域名请设置 acme，局域网请设置 tls = self-signed，或用 Caddy、nginx 提供 https 并设置 origin = https://…",
    en: "Browsers let a page encrypt only on https. Set acme where you have a public name, tls = self-signed in a LAN, or let Caddy or nginx serve https and set origin = https://…",
  }
  if (plain.length > 0)
    return amiss(
      "secure",
      "bad",
      {
        zh: `origin 不是 https：${plain.join("、")}。`,
        en: `These origins are not https: ${plain.join(", ")}.`,
      },
      advice,
    )
  if (isLoopback(host) || origins.length > 0 || selfSigned)
    return good(
      "secure",
      "人们打开的地址可以加密。",
      "Under the address that people open, browsers can encrypt.",
    )
  return amiss(
    "secure",
    "doubtful",
    { zh: "其他机器可以访问，但没有设置 origin。", en: "Other machines can reach it, and no origin is set." },
    advice,
  )
}
