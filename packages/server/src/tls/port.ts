/**
 * How a house speaks https itself, whatever the certificate comes from: files that somebody names (ops/certificate.ts), a certificate
 * authority on the internet (acme/renewal.ts), or the house's own one for a LAN (self-signed/own.ts).
 */
export type Shown = { readonly cert: string; readonly key: string }

export type Secure = {
  /** What the house opens with; undefined: there is none yet, and handshakes fail until there is. */
  readonly first: Shown | undefined
  /** From now on others go to `take`, each from its first moment. */
  watch(take: (shown: Shown) => void): Watch
  /** What the certificate authority asks for at `/.well-known/acme-challenge/TOKEN`. */
  readonly challenge?: (token: string) => string | undefined
  /** The house's own authority, which people have to trust by hand. */
  readonly own?: OwnAuthority
}

export type Watch = {
  /** Somebody has mended something: look now. */
  look(): void
  stop(): Promise<void> | void
}

export type OwnAuthority = {
  /** PEM, without its key. */
  readonly certificate: string
  /** SHA-256, pairs of hexadecimal digits with colons. */
  readonly fingerprint: string
  readonly until: number
  /** Names of the machine by which browsers may call the house, beside its addresses. */
  readonly names: readonly string[]
}
