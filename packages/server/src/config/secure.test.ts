import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { explainConfiguration } from "../config.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-conf-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const explain = (text: string, args: string[] = []) => {
  writeFileSync(join(folder, "server.conf"), `[server]\n${text}\n`)
  return explainConfiguration(args, {}, folder)
}
const right = (text: string, args: string[] = []) => {
  const read = explain(text, args)
  if (!read.ok) throw new Error(read.error.map(({ en }) => en).join("\n"))
  return read.value
}
const wrong = (text: string) => {
  const read = explain(text)
  if (read.ok) throw new Error("nothing is wrong")
  for (const { zh } of read.error) expect(zh).toMatch(/^.*server\.conf 第 \d+ 行 \S+：.*[。？]$/)
  return read.error.map(({ en }) => en.slice(en.indexOf("line")))
}

it("a certificate's file that cannot be read is named, and not said to be missing as well", () => {
  writeFileSync(join(folder, "key.pem"), "/etc/tea/key.pem")
  const none = join(folder, "none.pem")
  const said = (env: Record<string, string>) => {
    const read = explainConfiguration([], env, folder)
    return read.ok ? [] : read.error.map(({ en }) => en)
  }
  expect(
    said({ TEAHOUSE_CERTIFICATE_FILE: none, TEAHOUSE_CERTIFICATE_KEY_FILE: join(folder, "key.pem") }),
  ).toEqual([expect.stringContaining("TEAHOUSE_CERTIFICATE_FILE: There is no file")])
  expect(said({ TEAHOUSE_CERTIFICATE_FILE: none, TEAHOUSE_CERTIFICATE_KEY_FILE: none })).toHaveLength(2)
  expect(said({ TEAHOUSE_CERTIFICATE: "/etc/tea/chain.pem" })).toEqual([
    expect.stringContaining("needs both certificate and certificate_key"),
  ])
})

describe("https in server.conf", () => {
  it("takes two lines on the internet: ports, address and origin follow", () => {
    const { configuration, shown } = right("acme = chat.example.org\nacme_agree = yes")
    expect(configuration).toMatchObject({
      ...{ host: "0.0.0.0", port: 443, redirectPort: 80, origins: ["https://chat.example.org"] },
      acme: { names: ["chat.example.org"], directory: "https://acme-v02.api.letsencrypt.org/directory" },
    })
    const printed = (key: string) => shown.find((one) => one.key === key)
    expect(printed("acme")?.value).toBe("chat.example.org")
    expect([printed("redirect_port")?.value, printed("redirect_port")?.from]).toEqual(["80", undefined])
    expect(printed("acme_directory")?.value).toContain("letsencrypt")
  })

  it("takes what somebody says in place of what follows", () => {
    const more =
      "acme_contact = Tea@Example.org\nacme_directory = https://ca.lan/acme\nredirect_port = 8080\nhost = ::"
    const { configuration } = right(
      `acme = 茶.example, Chat.example.org\nacme_agree = 是\norigin = https://chat.example.org, https://xn--cl1a.example\n${more}`,
      ["--port", "8443"],
    )
    expect(configuration).toMatchObject({
      ...{ host: "::", port: 8443, redirectPort: 8080 },
      acme: {
        ...{ names: ["xn--cl1a.example", "chat.example.org"], contact: "Tea@Example.org" },
        directory: "https://ca.lan/acme",
      },
    })
  })

  it("takes one line in a LAN", () => {
    expect(right("tls = self-signed").configuration).toMatchObject({
      ...{ selfSigned: true, host: "0.0.0.0", port: 8000, redirectPort: 8080, origins: [] },
    })
    expect(right("").configuration).not.toHaveProperty("redirectPort")
  })

  const pair = "certificate = a.pem\ncertificate_key = a.key\n"
  it.each([
    ["acme = chat.example.org", "line 2, acme: a certificate takes agreeing to the terms"],
    ["acme = https://chat.example.org\nacme_agree = yes", "is not valid: give the public name"],
    ["acme = *.example.org\nacme_agree = yes", "is not valid: give the public name"],
    ["acme = 192.168.1.5\nacme_agree = yes", "is not valid: give the public name"],
    ["acme = a.example\nacme_agree = no", "line 3, acme_agree: “no” is not valid: write yes"],
    ["acme = a.example\nacme_agree = yes\nacme_contact = me", "line 4, acme_contact: “me” is not valid"],
    ["acme = a.example\nacme_agree = yes\nacme_directory = http://ca", "line 4, acme_directory:"],
    ["acme_contact = me@example.org", "line 2, acme_contact: it means nothing without acme"],
    ["acme_directory = https://ca.lan/", "line 2, acme_directory: it means nothing without acme"],
    ["tls = on", "line 2, tls: “on” is not valid: use “self-signed”"],
    [
      `${pair}tls = self-signed`,
      "line 4, tls: a certificate comes from one place, and certificate and tls are set",
    ],
    [`${pair}acme = a.example\nacme_agree = yes`, "line 4, acme: a certificate comes from one place"],
    [
      "acme = a.example\nacme_agree = yes\norigin = https://b.example",
      "line 4, origin: a.example in acme is not among",
    ],
    [
      "acme = a.example\nacme_agree = yes\nnats = nats://n\ndatabase = mysql://u:p@h/d",
      "line 2, acme: several nodes need a folder in common",
    ],
    ["redirect_port = 80", "line 2, redirect_port: it leads to https, and none is set"],
    [`${pair}redirect_port = 8000`, "line 4, redirect_port: port 8000 is taken by https"],
    ["acme_agre = yes", "line 2, acme_agre: there is no “acme_agre”. Is it acme_agree?"],
  ])("names the place of what is wrong, and what would be right: %s", (text, said) => {
    const problems = wrong(text)
    expect(problems.some((one) => one.includes(said))).toBe(true)
  })
})
