/**
 * Certificates and requests for them (RFC 5280, RFC 2986), made by pkijs over WebCrypto: nothing native, no openssl beside the
 * program. Keys are ECDSA P-256, which every browser of the last ten years takes and which makes short handshakes.
 * Loaded only where a house orders a certificate or makes its own.
 *
 * Rejected: @peculiar/x509, which brings twenty packages, a container for dependencies and a global `Reflect`; node-forge, which knows
 * no elliptic curves.
 */
import { isIP, SocketAddress } from "node:net"
import * as asn1 from "asn1js"
import * as pki from "pkijs"

const curve = { name: "ECDSA", namedCurve: "P-256" } as const
const HASH = "SHA-256"
const oid = {
  commonName: "2.5.4.3",
  subjectKey: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectNames: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  authorityKey: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  extensionRequest: "1.2.840.113549.1.9.14",
}

/** PEM; `key` is PKCS#8 without a passphrase. */
export type Issued = { readonly cert: string; readonly key: string }
export type Life = { readonly from: number; readonly until: number }
/** What an authority may speak for, and nothing else: DNS names with all below them, and networks (`10.0.0.0/8`). */
export type Realm = { readonly names: readonly string[]; readonly networks: readonly string[] }

/** A request for `names` (DNS names), and the new key that it is for. Shape: CSR in DER, key in PEM. */
export async function certificateRequest(
  names: readonly string[],
): Promise<{ csr: Uint8Array; key: string }> {
  const pair = await newPair()
  const request = new pki.CertificationRequest()
  await request.subjectPublicKeyInfo.importKey(pair.publicKey)
  // No subject: the names that count are the alternative ones, and a common name holds 64 characters at most.
  const wanted = new pki.Extensions({ extensions: [alternativeNames(names)] })
  request.attributes = [new pki.Attribute({ type: oid.extensionRequest, values: [wanted.toSchema()] })]
  await request.sign(pair.privateKey, HASH)
  return { csr: der(request.toSchema()), key: await keyPem(pair.privateKey) }
}

/**
 * An authority of one's own. What it may vouch for is written into it, critically (RFC 5280 section 4.2.1.10), so that whoever
 * trusts it trusts it for this house's network and for no bank.
 */
export async function makeAuthority(name: string, { names, networks }: Realm, life: Life): Promise<Issued> {
  const pair = await newPair()
  const own = commonName(name)
  const permitted = [
    ...names.map((value) => new pki.GeneralName({ type: 2, value })),
    ...networks.map((one) => new pki.GeneralName({ type: 7, value: octets(networkBytes(one)) })),
  ].map((base) => new pki.GeneralSubtree({ base }))
  const constraints = new pki.NameConstraints({ permittedSubtrees: permitted })
  const cert = await blank(own, own, pair.publicKey, life)
  cert.extensions = [
    extension(
      oid.basicConstraints,
      new pki.BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema(),
      true,
    ),
    extension(oid.keyUsage, usage(0b0000_0110, 1), true),
    extension(oid.nameConstraints, constraints.toSchema(), true),
    extension(oid.subjectKey, octets(await keyId(pair.publicKey))),
  ]
  await cert.sign(pair.privateKey, HASH)
  return { cert: pem("CERTIFICATE", der(cert.toSchema(true))), key: await keyPem(pair.privateKey) }
}

/** For names and addresses, signed by `authority`; the chain begins with the new one. */
export async function issue(authority: Issued, names: readonly string[], life: Life): Promise<Issued> {
  const above = pki.Certificate.fromBER(unpem(authority.cert))
  const signer = await crypto.subtle.importKey("pkcs8", unpem(authority.key), curve, false, ["sign"])
  const pair = await newPair()
  const cert = await blank(above.subject, commonName("Teahouse"), pair.publicKey, life)
  const issuer = new pki.AuthorityKeyIdentifier({
    keyIdentifier: octets(await keyId(await above.getPublicKey())),
  })
  const purposes = new pki.ExtKeyUsage({ keyPurposes: [oid.serverAuth] })
  cert.extensions = [
    extension(oid.basicConstraints, new pki.BasicConstraints({ cA: false }).toSchema(), true),
    extension(oid.keyUsage, usage(0b1000_0000, 7), true),
    extension(oid.extendedKeyUsage, purposes.toSchema()),
    alternativeNames(names),
    extension(oid.subjectKey, octets(await keyId(pair.publicKey))),
    extension(oid.authorityKey, issuer.toSchema()),
  ]
  await cert.sign(signer, HASH)
  const own = pem("CERTIFICATE", der(cert.toSchema(true)))
  return { cert: own + authority.cert, key: await keyPem(pair.privateKey) }
}

async function blank(
  issuer: pki.RelativeDistinguishedNames,
  subject: pki.RelativeDistinguishedNames,
  publicKey: CryptoKey,
  { from, until }: Life,
): Promise<pki.Certificate> {
  const cert = new pki.Certificate({ version: 2, issuer, subject })
  // Positive, without leading zeros, 127 bits (RFC 5280 section 4.1.2.2).
  const serial = crypto.getRandomValues(new Uint8Array(16))
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40
  cert.serialNumber = new asn1.Integer({ valueHex: serial.buffer })
  cert.notBefore = time(from)
  cert.notAfter = time(until)
  await cert.subjectPublicKeyInfo.importKey(publicKey)
  return cert
}

/** Until 2049 as UTCTime, from then on as GeneralizedTime (RFC 5280 section 4.1.2.5). */
const time = (at: number) => {
  const value = new Date(Math.floor(at / 1000) * 1000)
  return new pki.Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value })
}

const newPair = () => crypto.subtle.generateKey(curve, true, ["sign", "verify"])
const octets = (bytes: Uint8Array) => new asn1.OctetString({ valueHex: Uint8Array.from(bytes).buffer })
const der = (schema: { toBER(): ArrayBuffer }) => new Uint8Array(schema.toBER())

function commonName(name: string): pki.RelativeDistinguishedNames {
  const value = new asn1.Utf8String({ value: name })
  return new pki.RelativeDistinguishedNames({
    typesAndValues: [new pki.AttributeTypeAndValue({ type: oid.commonName, value })],
  })
}

const extension = (extnID: string, schema: { toBER(): ArrayBuffer }, critical = false) =>
  new pki.Extension({ extnID, critical, extnValue: schema.toBER() })
const usage = (bits: number, unusedBits: number) =>
  new asn1.BitString({ valueHex: Uint8Array.of(bits).buffer, unusedBits })

function alternativeNames(names: readonly string[]): pki.Extension {
  const all = names.map((value) =>
    isIP(value)
      ? new pki.GeneralName({ type: 7, value: octets(addressBytes(value)) })
      : new pki.GeneralName({ type: 2, value }),
  )
  return extension(oid.subjectNames, new pki.GeneralNames({ names: all }).toSchema())
}

async function keyId(key: CryptoKey): Promise<Uint8Array> {
  const spki = await crypto.subtle.exportKey("spki", key)
  // RFC 7093 section 2, method 1: 160 bits of SHA-256 over the key's own bits, the last 65 of a P-256 SPKI.
  const hash = await crypto.subtle.digest(HASH, spki.slice(-65))
  return new Uint8Array(hash, 0, 20)
}

/** 4 or 16 bytes. */
export function addressBytes(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split("."), Number)
  const written = new SocketAddress({ address, family: "ipv6" }).address
  // An IPv4 address at the end counts for two groups.
  const text = written.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [a * 256 + Number(b), c * 256 + Number(d)].map((one) => one.toString(16)).join(":"),
  )
  const [head = "", tail] = text.split("::")
  const groups = (part: string) => (part === "" ? [] : part.split(":").map((one) => Number.parseInt(one, 16)))
  const [first, last] = [groups(head), groups(tail ?? "")]
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last]
  return Uint8Array.from(all.flatMap((one) => [one >> 8, one & 0xff]))
}

/** The address and its mask, one after the other, as name constraints have them. */
function networkBytes(network: string): Uint8Array {
  const [address = "", bits = ""] = network.split("/")
  const base = addressBytes(address)
  const mask = base.map((_, i) => (0xff00 >> Math.min(8, Math.max(0, Number(bits) - i * 8))) & 0xff)
  return Uint8Array.of(...base, ...mask)
}

const keyPem = async (key: CryptoKey) =>
  pem("PRIVATE KEY", new Uint8Array(await crypto.subtle.exportKey("pkcs8", key)))

export function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n")
}

/** The first block of a PEM text. */
function unpem(text: string): ArrayBuffer {
  const [, body = ""] = /-----BEGIN [^-]+-----([^-]+)-----END/.exec(text) ?? []
  return Uint8Array.from(Buffer.from(body, "base64")).buffer
}
