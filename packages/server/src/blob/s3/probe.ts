/** Whether a bucket does what a house needs: a small object is written, read and deleted, under a name that no house has. */
import { randomBytes } from "node:crypto"
import { newId } from "@teahouse/protocol/ids.ts"
import type { Problem } from "../../config/settings.ts"
import { bucketStore } from "../open.ts"
import { isAway } from "../port.ts"
import type { S3Place } from "./bucket.ts"

const PROBE_BYTES = 4096

/** undefined: all went well. */
export async function probe(s3: S3Place): Promise<Problem | undefined> {
  const random = (length: number) => new Uint8Array(randomBytes(length))
  const bytes = random(PROBE_BYTES)
  let said: Problem | undefined
  const store = await bucketStore(s3, { house: newId(random), incarnation: 0 }, (problem) => {
    said = problem
  })
  const blob = newId(random)
  try {
    const { written } = await store.append(blob, 0, once(bytes), PROBE_BYTES)
    if (written !== PROBE_BYTES) return said ?? changed
    const back: Uint8Array[] = []
    for await (const part of store.read(blob, 0, PROBE_BYTES)) back.push(part)
    await store.remove(blob)
    return Buffer.compare(Buffer.concat(back), bytes) === 0 && (await store.size(blob)) === undefined
      ? undefined
      : changed
  } catch (error) {
    if (isAway(error)) return error.problem
    return changed
  }
}
async function* once(bytes: Uint8Array) {
  yield bytes
}
const changed: Problem = {
  zh: "对象存储没有原样保存、给回或删除一个试写的文件。",
  en: "The bucket did not keep, give back or delete a file that was tried as it was.",
}
