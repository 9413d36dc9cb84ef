/**
 * Who may register (SECURITY "Sessions and edges"). Anybody, while the house listens on a loopback address, has no public
 * name and has never been spoken to through a proxy: then only people at this machine can reach it. Otherwise only who has
 * an invitation. As soon as a forwarding header is seen it is closed for as long as the process lives, and the header is
 * looked at before the request that brings it is answered.
 */
export type Registration = {
  readonly mode: () => "open" | "invite"
  /** A request came through a proxy. */
  readonly forwarded: () => void
}

export function createRegistration(reachable: boolean, onClosed: () => void): Registration {
  let closed = reachable
  return {
    mode: () => (closed ? "invite" : "open"),
    forwarded() {
      if (closed) return
      closed = true
      onClosed()
    },
  }
}
