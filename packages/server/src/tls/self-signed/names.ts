/**
 * By which names and addresses a machine is called in its own network, and what an authority made for it may vouch for. A realm is wide
 * enough for another address after a move of the router, and has no name in it that belongs to anybody else on the internet.
 */
import { BlockList, isIP } from "node:net"
import { hostname, networkInterfaces } from "node:os"
import type { Realm } from "../x509.ts"

export type Machine = { readonly name: string; readonly addresses: readonly string[] }

export function thisMachine(): Machine {
  return { name: hostname(), addresses: addresses() }
}

/** Some hardened services may not ask. */
function addresses(): string[] {
  try {
    return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map((one) => one.address))
  } catch {
    return []
  }
}

/** Networks that are nobody's on the internet (RFC 1918, 6598, 3927, 4193, 4291) and the machine itself. */
const PRIVATE = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"],
  ...["fc00::/7", "fe80::/10", "::1/128"],
]
/** Endings for names that DNS never gives to anybody (RFC 6761, 6762, 8375, and `internal` by ICANN); routers use `lan`. */
const LOCAL = ["localhost", "local", "lan", "internal", "home.arpa"]
const DNS_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/

export type Called = {
  /** All that the certificate should be for. */
  readonly all: readonly string[]
  /** Of these, what somebody has configured. */
  readonly said: readonly string[]
  /** Of these, the names of the machine. */
  readonly names: readonly string[]
}

/** `hosts`: names and addresses from the configuration. */
export function calledBy({ name, addresses }: Machine, hosts: readonly string[]): Called {
  const [short = ""] = name.toLowerCase().split(".")
  const whole = name.toLowerCase()
  const names = [...new Set([whole, short, `${short}.local`])].filter(
    (one) => DNS_NAME.test(one) && !isIP(one),
  )
  const usual = (one: string) => isIP(one) !== 0 || DNS_NAME.test(one)
  const said = hosts.map((one) => one.replace(/^\[|\]$/g, "").toLowerCase()).filter(usual)
  // An address with a zone (fe80::1%eth0) cannot stand in a browser's address.
  const usable = addresses.filter((one) => isIP(one) !== 0 && !/^fe80:/i.test(one))
  const all = ["localhost", ...names, ...said, "127.0.0.1", "::1", ...usable]
  return { all: [...new Set(all)].filter(usual).sort(), said, names }
}

/** The realm for what the machine is called now, and all of the one before: other nodes have names of their own in it. */
export function realmFor(called: readonly string[], before: Realm = { names: [], networks: [] }): Realm {
  const start = {
    names: [...new Set([...LOCAL, ...before.names])],
    networks: [...new Set([...PRIVATE, ...before.networks])],
  }
  const beside = called.filter((one) => !within(start, one))
  return {
    names: [...start.names, ...beside.filter((one) => isIP(one) === 0)],
    networks: [
      ...start.networks,
      ...beside.filter((one) => isIP(one) !== 0).map((one) => `${one}/${isIP(one) === 4 ? 32 : 128}`),
    ],
  }
}

export function within({ names, networks }: Realm, one: string): boolean {
  const family = isIP(one)
  if (family === 0) return names.some((name) => one === name || one.endsWith(`.${name}`))
  const list = new BlockList()
  for (const network of networks) {
    const [address = "", bits] = network.split("/")
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? "ipv4" : "ipv6")
  }
  return list.check(one, family === 4 ? "ipv4" : "ipv6")
}
