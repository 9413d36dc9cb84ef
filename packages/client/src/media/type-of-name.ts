/** What a file is said to be, by its name's ending. Receivers look at the bytes and believe nothing (SECURITY "Files"). */
const types = new Map(
  Object.entries({
    ...{ jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", gif: "image/gif", webp: "image/webp" },
    ...{ avif: "image/avif", mp4: "video/mp4", webm: "video/webm", mp3: "audio/mpeg", ogg: "audio/ogg" },
    ...{
      m4a: "audio/mp4",
      wav: "audio/wav",
      flac: "audio/flac",
      pdf: "application/pdf",
      zip: "application/zip",
    },
    ...{ txt: "text/plain", md: "text/markdown", csv: "text/csv", json: "application/json" },
  }),
)

export const typeOfName = (name: string): string =>
  types.get(/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "") ?? "application/octet-stream"
