/** What can be wrong with a bucket, in words for whoever runs the house. Nothing of it says what was sent. */
import type { Problem } from "../../config/settings.ts"
import { BlobsAway } from "../port.ts"

export type TroubleKind = "away" | "slow_down" | "full" | "clock" | "denied" | "no_bucket" | "refused"

export class BucketTrouble extends BlobsAway {
  readonly kind: TroubleKind
  readonly problem: Problem

  constructor(kind: TroubleKind, place: string, found: string, cause?: unknown) {
    const problem = sentenceOf(kind, place, found)
    super(problem.en, { cause })
    this.name = "BucketTrouble"
    this.kind = kind
    this.problem = problem
  }
}

function sentenceOf(kind: TroubleKind, place: string, found: string): Problem {
  switch (kind) {
    case "away":
      return {
        zh: `对象存储 ${place} 没有应答（${found}）。文件暂时不能收发，聊天不受影响。请检查 s3_endpoint、网络与证书。`,
        en: `The bucket ${place} does not answer (${found}). Files cannot be sent or fetched until it does; chats go on. Check s3_endpoint, the network and the certificate.`,
      }
    case "slow_down":
      return {
        zh: `对象存储 ${place} 要求减慢速度（${found}）。文件稍后会重试。`,
        en: `The bucket ${place} asks to slow down (${found}). Files are tried again later.`,
      }
    case "full":
      return {
        zh: `对象存储 ${place} 已满（${found}）。请扩大配额或清理。`,
        en: `The bucket ${place} is full (${found}). Give it more room.`,
      }
    case "clock":
      return {
        zh: `本机时钟与对象存储 ${place} 相差太多（${found}），请求被拒绝。请用 NTP 校准时钟。`,
        en: `This machine's clock is too far from that of the bucket ${place} (${found}), so it refuses. Set the clock by NTP.`,
      }
    case "denied":
      return {
        zh: `对象存储 ${place} 不接受密钥，或密钥权限不足（${found}）。请检查 s3_access_key、s3_secret_key，并允许 GetObject、PutObject、DeleteObject 和 ListBucket。`,
        en: `The bucket ${place} does not take the key, or the key may not do this (${found}). Check s3_access_key and s3_secret_key, and allow GetObject, PutObject, DeleteObject and ListBucket.`,
      }
    case "no_bucket":
      return {
        zh: `没有 ${place} 这个存储桶（${found}）。请先创建它，并检查 s3_bucket 与 s3_path_style。`,
        en: `There is no bucket ${place} (${found}). Make it first, and check s3_bucket and s3_path_style.`,
      }
    case "refused":
      return {
        zh: `对象存储 ${place} 拒绝了请求（${found}）。请检查 s3_endpoint、s3_region 与 s3_path_style。`,
        en: `The bucket ${place} refuses (${found}). Check s3_endpoint, s3_region and s3_path_style.`,
      }
  }
}
