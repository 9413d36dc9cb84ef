/**
 * `teahouse blobs copy --from FOLDER --to s3` (or the other way round): moves the files that people have sent into a bucket and compares
 * every one. The bucket is the configuration's. The house is closed meanwhile; nothing is deleted where the files were.
 */
import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { type BlobCopyRefusal, copyBlobs } from "@teahouse/server/blob/copy.ts"
import { folderStore } from "@teahouse/server/blob/folder.ts"
import { bucketStore } from "@teahouse/server/blob/open.ts"
import { type BlobStore, isAway } from "@teahouse/server/blob/port.ts"
import { type Configuration, type Problem, readConfiguration } from "@teahouse/server/config.ts"
import { openRaw } from "@teahouse/server/db/open-raw.ts"
import { HOUSE_FILE, readHouse } from "@teahouse/server/house/house.ts"
import { takeDataFolder } from "@teahouse/server/ops/data-folder.ts"
import { StartRefused } from "@teahouse/server/ops/refusal.ts"
import { diskProblem, megabytes } from "./disk.ts"
import type { Program } from "./program.ts"
import { progress } from "./progress.ts"
import { fail, say } from "./say.ts"

const usage: Problem = {
  zh: "用法：teahouse blobs copy --from 目录 --to s3 [--config 文件] [--data 目录]，也可以反过来（--from s3 --to 目录）。存储桶由配置中的 s3_… 指定。请先关闭服务器。",
  en: "Use: teahouse blobs copy --from FOLDER --to s3 [--config FILE] [--data FOLDER], or the other way round (--from s3 --to FOLDER). The bucket is the one of s3_… in the configuration. Close the house first.",
}
const BUCKET = "s3"

export async function blobs([what, ...args]: readonly string[], program: Program): Promise<void> {
  const asked = what === "copy" ? read(args) : undefined
  if (!asked) return fail([usage], 2)
  const { from, to, rest } = asked
  const given = readConfiguration(rest, process.env, undefined, program.data)
  if (!given.ok) return fail(given.error)
  const configuration = given.value
  const { s3, data, keys = data, database } = configuration
  if (!s3) return fail([noBucket], 2)
  if (from !== BUCKET && !existsSync(from)) return fail([noFolder(from)])
  try {
    const house = await readHouse(join(keys, HOUSE_FILE)).catch(() => undefined)
    if (!house || (database === "sqlite" && !existsSync(join(data, "house.db")))) return fail([noHouse(keys)])
    const of = { house: house.house, incarnation: house.statement.incarnation }
    const storeAt = (place: string): Promise<BlobStore> | BlobStore =>
      place === BUCKET ? bucketStore(s3, of) : folderStore(resolve(place))
    const copied = await closed(configuration, async (db) =>
      copyBlobs(db, await storeAt(from), await storeAt(to), progress),
    )
    if (!copied.ok) return fail([sentenceOf(copied.error, to)])
    const { count, bytes, missing } = copied.value
    if (missing.length > 0)
      say({
        zh: `注意：来源中缺少 ${missing.length} 个文件，它们此前已经丢失。编号：${missing.slice(0, 5).join("、")}`,
        en: `Note: ${missing.length} files are not whole where they were; they were lost before this. Ids: ${missing.slice(0, 5).join(", ")}`,
      })
    const done = {
      zh: `完成：${count} 个文件，${megabytes(bytes)}，逐个核对一致。`,
      en: `Done: ${count} files of ${megabytes(bytes)}, each compared.`,
    }
    const next =
      to === BUCKET
        ? {
            zh: "请从配置中删除 blobs，再启动。",
            en: "Leave blobs out of the configuration and start the house.",
          }
        : {
            zh: `请从配置中删除 s3_…，设置 blobs = ${resolve(to)}，再启动。`,
            en: `Leave s3_… out of the configuration, set blobs = ${resolve(to)}, and start the house.`,
          }
    say({ zh: done.zh + next.zh, en: `${done.en} ${next.en}` }, console.log)
  } catch (error) {
    if (error instanceof StartRefused) return fail([error.problem], error.exit)
    if (isAway(error)) return fail([error.problem])
    const problem = diskProblem(error, to === BUCKET ? from : to)
    if (!problem) throw error
    fail([problem])
  }
}

/** While no house has it open. */
async function closed<T>(
  { data, database }: Configuration,
  work: (db: Awaited<ReturnType<typeof openRaw>>) => Promise<T>,
): Promise<T> {
  const folder = takeDataFolder(data)
  try {
    const db = await openRaw(database, folder.path, true)
    try {
      return await work(db)
    } finally {
      await db.close()
    }
  } finally {
    folder.release()
  }
}

/** Exactly one of the two is the bucket. */
function read(args: readonly string[]) {
  const own = { from: { type: "string" }, to: { type: "string" } } as const
  try {
    const { values, tokens } = parseArgs({ args: [...args], options: own, strict: false, tokens: true })
    const mine = new Set<number>()
    for (const token of tokens)
      if (token.kind === "option" && Object.hasOwn(own, token.name)) {
        mine.add(token.index)
        if (token.value !== undefined && !token.inlineValue) mine.add(token.index + 1)
      }
    const { from, to } = values
    if (typeof from !== "string" || typeof to !== "string" || from === "" || to === "") return undefined
    if ((from === BUCKET) === (to === BUCKET)) return undefined
    return { from, to, rest: args.filter((_, index) => !mine.has(index)) }
  } catch {
    return undefined
  }
}

const noBucket: Problem = {
  zh: "配置中没有存储桶。请设置 s3_endpoint、s3_bucket、s3_access_key 和 s3_secret_key。",
  en: "The configuration names no bucket. Set s3_endpoint, s3_bucket, s3_access_key and s3_secret_key.",
}
const noFolder = (path: string): Problem => ({
  zh: `没有 ${path} 这个目录。文件通常在数据目录的 blobs 中。`,
  en: `There is no folder ${path}. Files are usually in blobs, in the data folder.`,
})
const noHouse = (keys: string): Problem => ({
  zh: `${keys} 中没有 Teahouse。请用 --data 或 --config 指出要搬迁的那一个。`,
  en: `There is no house in ${keys}. Say with --data or --config which one is meant.`,
})

function sentenceOf(refusal: BlobCopyRefusal, to: string): Problem {
  if (refusal.kind === "full")
    return {
      zh: `${to} 已满。请扩大空间后再运行一次，已复制的不会重来。`,
      en: `There is no more room in ${to}. Make room and run it again; what is there stays.`,
    }
  return {
    zh: `核对时发现不同：${refusal.blob}。请再运行一次。`,
    en: `A file is not the same where it was copied to: ${refusal.blob}. Run it again.`,
  }
}
