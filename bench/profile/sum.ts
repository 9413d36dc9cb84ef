/**
 * A CPU profile of V8 (`--cpu-prof`), summed: to each function the time in which it was on top of the stack, and to each part of the program the time of its
 * functions. What V8 calls `(program)` is native code that it does not look into, most of it system calls: writing to sockets, waiting for the writer. `(idle)`
 * is left out.
 */
export type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  /** Of the node on top at each sample. */
  readonly samples: readonly number[]
  /** µs since the sample before. */
  readonly timeDeltas: readonly number[]
}

export type Share = { readonly name: string; readonly us: number }
export type Sum = {
  readonly us: number
  readonly functions: readonly Share[]
  readonly parts: readonly Share[]
}

/** Only what came after `fromUs` since the profile's beginning: before it the server was starting. */
export function sumOf({ nodes, samples, timeDeltas }: CpuProfile, fromUs = 0): Sum {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const functions = new Map<string, number>()
  const parts = new Map<string, number>()
  const add = (to: Map<string, number>, name: string, us: number) => to.set(name, (to.get(name) ?? 0) + us)
  let total = 0
  let at = 0
  samples.forEach((id, i) => {
    const us = timeDeltas[i] ?? 0
    at += us
    const frame = frames.get(id)
    if (at < fromUs || !frame || frame.functionName === "(idle)" || frame.functionName === "(root)") return
    total += us
    const part = partOf(frame.url, frame.functionName)
    add(parts, part, us)
    add(functions, `${frame.functionName || "(anonymous)"} · ${part}`, us)
  })
  const sorted = (of: ReadonlyMap<string, number>) =>
    [...of].map(([name, us]) => ({ name, us })).sort((a, b) => b.us - a.us)
  return { us: total, functions: sorted(functions), parts: sorted(parts) }
}

/** A file of ours, a package, a part of Node; V8's own names in brackets. */
export function partOf(url: string, functionName: string): string {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? []
  if (name) return name
  const [, ours] = /\/packages\/(.+)$/.exec(url) ?? []
  if (ours) return ours.replace("/src/", "/")
  if (url.startsWith("node:")) return url
  return functionName.startsWith("(") ? functionName : "native"
}
