/**
 * Where the house may knock. A subscription's address comes from a client, and a house that posts to any address it is told
 * is a tool against its own network (SSRF). So: the push services of the browsers, by name, over https, on the usual port –
 * and the name must lead to a public address, looked at when the connection is made and not before.
 */
import { type LookupAddress, lookup as resolveName } from "node:dns"
import { BlockList, isIPv6, type LookupFunction } from "node:net"
import { PUSH_ENDPOINT_MAX } from "@teahouse/protocol/http/push.ts"

/** Chrome and its kin, Firefox, Safari, Edge on Windows. A leading dot stands for any one name before it. */
const services = [
  "fcm.googleapis.com",
  "updates.push.services.mozilla.com",
  "web.push.apple.com",
  ".push.apple.com",
  ".notify.windows.com",
]

/** `trusted`: origins that the operator named; they may be anywhere. */
export function checkEndpoint(text: string, trusted: readonly string[]): URL | undefined {
  if (text.length > PUSH_ENDPOINT_MAX || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.username !== "" || url.password !== "" || url.hash !== "") return undefined
  if (trusted.includes(url.origin)) return url
  if (url.protocol !== "https:" || url.port !== "") return undefined
  const { hostname } = url
  const known = services.some((name) =>
    name.startsWith(".")
      ? hostname.endsWith(name) && !hostname.slice(0, -name.length).includes(".")
      : hostname === name,
  )
  return known ? url : undefined
}

/** Everything that is not the public internet (RFC 6890 and successors). */
const special = new BlockList()
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  special.addSubnet(net, bits, "ipv4")
const global6 = new BlockList()
global6.addSubnet("2000::", 3, "ipv6")
for (const [net, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  special.addSubnet(net, bits, "ipv6")

export function isPublic(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return isPublic(mapped)
  if (isIPv6(address)) return global6.check(address, "ipv6") && !special.check(address, "ipv6")
  return !special.check(address, "ipv4")
}

/** For node:https: the connection goes to an address that was looked at, so no second answer of the DNS can swap it. */
export const publicLookup: LookupFunction = (hostname, options, done) => {
  resolveName(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    const fit = error ? [] : found.filter(({ address }) => isPublic(address))
    const first = fit[0]
    if (!first) {
      const refused = Object.assign(new Error("no public address"), { code: "ENOTFOUND" })
      return done(error ?? refused, "", 4)
    }
    if (options.all) return done(null, fit)
    done(null, first.address, first.family)
  })
}
