/**
 * Every write, by name. A write runs inside a transaction with others; an `err` undoes what it did. Arguments and
 * results are plain data that can be sent to another thread.
 */
import type { Refusal } from "@teahouse/protocol/error.ts"
import type { Result } from "@teahouse/protocol/result.ts"
import { accountWrites } from "../account/writes.ts"
import { adminWrites } from "../admin/writes.ts"
import { blobWrites } from "../blob/writes.ts"
import { botWrites } from "../bot/writes.ts"
import { contactWrites } from "../contact/writes.ts"
import { deviceWrites } from "../device/writes.ts"
import { historyWrites } from "../history/writes.ts"
import { keyLogWrites } from "../key-log/append.ts"
import { notebookWrites } from "../notebook/writes.ts"
import { profileWrites } from "../profile/writes.ts"
import { pushWrites } from "../push/writes.ts"
import { roomWrites } from "../room/writes.ts"
import type { WriteDb } from "./schema.ts"

export const writes = {
  ...accountWrites,
  ...adminWrites,
  ...deviceWrites,
  ...contactWrites,
  ...profileWrites,
  ...notebookWrites,
  ...historyWrites,
  ...roomWrites,
  ...blobWrites,
  ...pushWrites,
  ...botWrites,
  ...keyLogWrites,
} as const

type Writes = typeof writes
export type WriteName = keyof Writes
export type WriteArgs<N extends WriteName> = Parameters<Writes[N]>[1]
export type WriteResult<N extends WriteName> = Awaited<ReturnType<Writes[N]>>

/** The registry as the writer sees it. */
export type AnyWrite = (db: WriteDb, args: never) => Promise<Result<unknown, Refusal>>
export const writeNamed = (name: string): AnyWrite | undefined =>
  Object.hasOwn(writes, name) ? (writes[name as WriteName] as AnyWrite) : undefined
