/**
 * The protocol's version. A change that an older peer cannot read raises `major`; one that it can ignore raises
 * `minor`. `version.test.ts` holds the hash of all schemas: changing one without a new version here fails it.
 *
 * Old and new minors work side by side, as they do while nodes are upgraded one after another (docs/decisions/43):
 * whoever reads what a newer minor has said leaves out what it does not know (newer.ts), and whoever is newer uses what the
 * other may have to answer only where both have it (`agreed`). What is not read at all any more, because the major is
 * another, is still told apart from noise: `t`, `major` and `minor` stand in every first frame, and in what a house says of
 * itself, in every version to come.
 */
export const protocolVersion = { major: 1, minor: 0 } as const

export type Version = { readonly major: number; readonly minor: number }

/** Peers speak with each other when their majors are equal. */
export const speaks = (peer: Version): boolean => peer.major === protocolVersion.major
/** It may say what is not known here. */
export const isNewer = (peer: Version): boolean => peer.minor > protocolVersion.minor
/** The minor that both have. */
export const agreed = (peer: Version): number => Math.min(peer.minor, protocolVersion.minor)

/** With each request of a client: `major.minor`. Who says none, a script, speaks this version. */
export const VERSION_HEADER = "teahouse-protocol"
export const versionText = ({ major, minor }: Version = protocolVersion): string => `${major}.${minor}`
export function readVersion(text: string): Version | undefined {
  const [, major, minor] = /^(\d{1,6})\.(\d{1,6})$/.exec(text) ?? []
  return major && minor ? { major: Number(major), minor: Number(minor) } : undefined
}

/** Whether something that could not be read is of another major: it says one, and it is not ours. */
export const ofAnotherMajor = (value: unknown): boolean => {
  const major = (value as { readonly major?: unknown } | null | undefined)?.major
  return typeof major === "number" && major !== protocolVersion.major
}
