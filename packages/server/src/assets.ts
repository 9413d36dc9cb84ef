/**
 * What a house needs beside its code. Where it runs from its source these are files in known places; an executable has them
 * inside and hands them over. Nothing else in the server knows which of the two it is.
 */
export type Assets = {
  /** Files of the built page by their paths, like `/index.html`. */
  readonly page: Page
  /** The program of the thread that writes (db/writer.ts), as something that a thread can be started from. */
  readonly writer: URL
}

export type Page = Iterable<readonly [path: string, bytes: Uint8Array]>
