/**
 * Files, as a screen sees them. Bytes of files never pass through views: a picked file goes down as the browser's own handle,
 * and what is read comes as an address that the service worker answers, so that players seek and savers stream. Progress has a
 * view of its own, so that a percentage does not send a whole timeline again.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { CommandError } from "./basic.ts"

export type MediaKind = "image" | "video" | "audio" | "voice"

/** Structurally a `Blob` or `File` of a browser; the terminal makes one from a path. */
export type FileSource = {
  readonly size: number
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> }
}

/** What the screen knows of a picture, film or sound before it is sent. EXIF is gone before it comes here (UX 23). */
export type MediaToSend = {
  readonly kind: MediaKind
  readonly width?: number
  readonly height?: number
  /** Milliseconds. */
  readonly duration?: number
  /** At most 40 bytes. */
  readonly thumbhash?: Uint8Array
  /** JPEG or WebP, at most 24 KiB; a larger one is left out. */
  readonly thumb?: Uint8Array
  /** At most 128 bytes, one for each stretch of the sound. */
  readonly waveform?: Uint8Array
}

export type FileToSend = {
  readonly source: FileSource
  readonly name: string
  readonly type: string
  readonly media?: MediaToSend
  readonly caption?: string
  /** Its `id` in the chat's draft, which has it until it is encrypted as a message of its own. */
  readonly draft?: string
}

/** Of one chat's draft; bytes of all its files together. What is over is not kept. */
export const draftLimits = { files: 20, bytes: 64 * 1024 * 1024 } as const

/** A picked file that waits in the dialog. `id`: the screen's own, the same as long as it is the same file; up to 64 characters. */
export type FileToKeep = {
  readonly id: string
  readonly source: FileSource
  readonly name: string
  readonly type: string
  /** ms UTC, as its system says. */
  readonly modified: number
}

/** UX 9: what was picked for a chat and not sent yet, on this device only. No files: there is none. What is being encrypted to be sent is not shown. */
export type KeptDraft = {
  readonly files: readonly (Omit<FileToKeep, "source"> & { readonly size: number })[]
  readonly caption: string
  /** Whether pictures were to be sent as they are (原图). */
  readonly original: boolean
}

/**
 * Which message, as its timeline item says: `seq` where it has one. `line`: of several that were forwarded as one, counted from 0.
 */
export type FileAt = {
  readonly room: Id
  readonly key: string
  readonly seq?: number
  readonly line?: number
}

/** In a timeline item, waiting or sent. Name and type are what the sender wrote, cleaned for showing. */
export type ShownFile = {
  readonly name: string
  readonly type: string
  /** Bytes of the file itself. */
  readonly size: number
  readonly caption?: string
  readonly media?: {
    readonly kind: MediaKind
    readonly width?: number
    readonly height?: number
    readonly duration?: number
    readonly thumbhash?: Uint8Array
    readonly waveform?: Uint8Array
    /** Whether `filePreview` has a picture. */
    readonly thumb: boolean
  }
}

/**
 * `sealing`: being encrypted into this device's store; after that a reload loses nothing. `waiting`: for its turn or for the
 * network. `failed` is over unless the person resends; its timeline item is `refused` with the same reason.
 */
export type TransferState = "sealing" | "waiting" | "running" | "paused" | "failed"

export type Transfer = {
  readonly room: Id
  /** Of the timeline item that waits for it. */
  readonly key: string
  readonly name: string
  readonly size: number
  /** Of the whole of it, 0 to 1, sealing included. */
  readonly progress: number
  readonly state: TransferState
  readonly error?: CommandError
}

export type FileViews = {
  draftFiles: { args: { readonly room: Id }; value: KeptDraft }
  /** Own files on their way to the house, all chats. */
  transfers: { args: undefined; value: { readonly transfers: readonly Transfer[] } }
  /** What the house lets one send; shown before anything is uploaded. Absent while it was never heard. */
  quota: {
    args: undefined
    value: {
      readonly quota?: {
        /** Bytes of one file. */
        readonly file: number
        /** Bytes of all one's files together, and how many of them are taken (unfinished uploads included). */
        readonly user: number
        readonly used: number
      }
    }
  }
  /** What takes how much on this device. Most first. */
  storage: {
    args: undefined
    value: {
      /** Of the whole origin, as the browser estimates it; absent where it does not tell. */
      readonly used?: number
      readonly quota?: number
      /** Of the ciphertext that is kept for reading offline, and up to where it grows. */
      readonly files: number
      readonly filesMax: number
      readonly rooms: readonly {
        readonly room: Id
        readonly title: string
        readonly files: number
        readonly bytes: number
      }[]
    }
  }
}

export type FileCommands = {
  /**
   * One message for each file, in order; the first one answers what `reply` names. They stand in the chat at once; answered when
   * they are encrypted on this device and outlive a reload (64 MB and more: at once, it takes a while). The draft has them until
   * then: after a reload in between they are in it again, and not in the chat. Checked first, all or none: the limit
   * of one file and of the account (`file_too_large`, `quota_exceeded`), empty files included in what is allowed.
   */
  sendFiles: {
    args: { room: Id; files: readonly FileToSend[]; reply?: number }
    value: { readonly keys: readonly string[] }
  }
  /**
   * What the dialog holds from now on: it takes the place of what was kept before. `kept` names the files that are; what is over
   * 20 files or 64 MB together, or cannot be read, is left out. `device_full`: a file found no room, everything else is kept.
   */
  keepDraftFiles: {
    args: { room: Id; files: readonly FileToKeep[]; caption: string; original: boolean }
    value: { readonly kept: readonly string[] }
  }
  /** After it nothing is kept, whatever was on its way before, but for what is being encrypted to be sent. */
  dropDraftFiles: { args: { room: Id }; value: null }
  /** At most 1 MiB from `from` on; go on with `next` until it is absent. What does not open any more is `file_damaged`. */
  readDraftFile: {
    args: { room: Id; id: string; from: number }
    value: { readonly bytes: Uint8Array; readonly next?: number }
  }
  pauseUpload: { args: { room: Id; key: string }; value: null }
  resumeUpload: { args: { room: Id; key: string }; value: null }
  /** The message goes too. Too late once it was sent: `not_found`. */
  cancelUpload: { args: { room: Id; key: string }; value: null }
  /** The small picture inside the message; null where there is none. */
  filePreview: { args: FileAt; value: { readonly thumb: Uint8Array | null } }
  /**
   * Makes a file readable under `url`, a path of this origin that the service worker answers with ranges; it works for this
   * session of the worker only. `inline`: by its first bytes it is a picture, film or sound that an element may show under
   * `type`; otherwise the answer is a download whatever is done with it. Never navigate to `url` other than by `<a download>`.
   * It opens one's own file too while that is being uploaded.
   */
  openFile: {
    args: FileAt
    value: {
      readonly url: string
      readonly name: string
      readonly type: string
      readonly size: number
      readonly inline: boolean
    }
  }
  /** Lets `url` go. Optional: all of them end with the worker. */
  closeFile: { args: { url: string }; value: null }
  /** Of one chat or of all; what is being uploaded or waits in a draft stays. Files can be fetched again as long as the house has them. */
  clearFiles: { args: { room?: Id }; value: null }
}
