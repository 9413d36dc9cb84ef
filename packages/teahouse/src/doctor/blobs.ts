/** The bucket, where files are in one, and files that lie where nobody looks for them. */
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { probe } from "@teahouse/server/blob/s3/probe.ts"
import type { Configuration } from "@teahouse/server/config.ts"
import { amiss, type Finding, good } from "./finding.ts"

export async function blobFindings({
  data,
  s3,
}: Pick<Configuration, "data" | "s3">): Promise<readonly Finding[]> {
  if (!s3) return []
  const problem = await probe(s3)
  const place = `${s3.bucket} (${new URL(s3.endpoint).host})`
  return [
    problem
      ? amiss("blobs", "bad", problem, {
          zh: "改正后再运行一次 teahouse doctor。在此之前聊天可用，文件不能收发。",
          en: "Mend it and run teahouse doctor again. Until then chats work, and files cannot be sent or fetched.",
        })
      : good(
          "blobs",
          `对象存储 ${place} 可写、可读、可删除。`,
          `The bucket ${place} can be written, read and deleted from.`,
        ),
    ...leftBehind(join(data, "blobs")),
  ]
}

/** Files in the folder are none that the house would find. */
function leftBehind(folder: string): readonly Finding[] {
  const files = existsSync(folder) && readdirSync(folder).length > 0
  if (!files) return []
  return [
    amiss(
      "blobs-folder",
      "doubtful",
      {
        zh: `${folder} 中还有文件，而配置使用对象存储：它们不会被读取。`,
        en: `There are files in ${folder}, and the configuration names a bucket: nobody will find them.`,
      },
      {
        zh: `关闭服务器，运行 teahouse blobs copy --from ${folder} --to s3，核对后移走该目录。`,
        en: `Close the house, run teahouse blobs copy --from ${folder} --to s3, and move the folder away afterwards.`,
      },
    ),
  ]
}
