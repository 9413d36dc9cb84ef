/** Where an export goes: a folder of the person's, or one zip file. Entries are written one after another, each streamed. */
export type Bytes = AsyncIterable<Uint8Array<ArrayBuffer>>

export type Sink = {
  /** A folder for what is named by `mark`: one that an earlier run made for the same mark is used again. */
  folder(name: string, mark: string): Promise<ChatFolder>
}

export type ChatFolder = {
  /** Whether an earlier run wrote `path` already, with this size. */
  has(path: string, size: number): Promise<boolean>
  /** What stood there is replaced once everything is written. Answers with the path it has got. */
  write(path: string, bytes: Bytes): Promise<string>
}

/** More than one zip file can hold in this browser. */
export class TooLarge extends Error {}

export async function* bytesOf(lines: AsyncIterable<string>): Bytes {
  const encoder = new TextEncoder()
  for await (const line of lines) yield encoder.encode(line)
}

/** Not every browser iterates a stream by itself. Whoever stops early cancels it. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): Bytes {
  const reader = stream.getReader()
  let whole = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      yield value as Uint8Array<ArrayBuffer>
    }
    whole = true
  } finally {
    if (!whole) await reader.cancel().catch(() => {})
  }
}
