/**
 * The protocol's version. A change that an older peer cannot read raises `major`; one that it can ignore raises
 * `minor`. `version.test.ts` holds the hash of all schemas: changing one without a new version here fails it.
 */
export const protocolVersion = { major: 1, minor: 0 } as const

/** Peers speak with each other when their majors are equal. */
export const speaks = (peer: { major: number; minor: number }): boolean =>
  peer.major === protocolVersion.major
