/** The keys of a bucket in the configuration: all or none, never beside a folder, and the secret is never shown. */
import { writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { explainConfiguration } from "../config.ts"

const whole = {
  TEAHOUSE_S3_ENDPOINT: "https://s3.example.org/",
  TEAHOUSE_S3_BUCKET: "tea-blobs",
  TEAHOUSE_S3_ACCESS_KEY: "AKIAEXAMPLE12345",
  TEAHOUSE_S3_SECRET_KEY: "never/to+be/seen",
}
const read = (env: Record<string, string>) => explainConfiguration([], env, tmpdir())
const problems = (env: Record<string, string>) => {
  const result = read(env)
  return result.ok ? [] : result.error
}

describe("a bucket in the configuration", () => {
  it("is whole, with what works with most stores where nothing is said", () => {
    const result = read(whole)
    expect(result.ok && result.value.configuration.s3).toEqual({
      endpoint: "https://s3.example.org",
      bucket: "tea-blobs",
      region: "us-east-1",
      accessKey: "AKIAEXAMPLE12345",
      secretKey: "never/to+be/seen",
      pathStyle: true,
    })
    const other = read({ ...whole, TEAHOUSE_S3_REGION: "eu-central-1", TEAHOUSE_S3_PATH_STYLE: "no" })
    expect(other.ok && other.value.configuration.s3).toMatchObject({
      region: "eu-central-1",
      pathStyle: false,
    })
    const none = read({})
    expect(none.ok && "s3" in none.value.configuration).toBe(false)
  })

  it("has its secret in a file, and shows none of it", () => {
    const path = join(tmpdir(), `teahouse-s3-secret-${process.pid}`)
    writeFileSync(path, "from/a+file\n", { mode: 0o600 })
    const { TEAHOUSE_S3_SECRET_KEY: _, ...rest } = whole
    const result = read({ ...rest, TEAHOUSE_S3_SECRET_KEY_FILE: path })
    expect(result.ok && result.value.configuration.s3?.secretKey).toBe("from/a+file")
    const shown = result.ok ? JSON.stringify(result.value.shown) : ""
    expect(shown).toContain('"s3_bucket","value":"tea-blobs"')
    expect(shown).toContain('"s3_secret_key","value":"***"')
    expect(shown).not.toContain("from/a")
    expect(shown).not.toContain("EXAMPLE12345")
  })

  it("says of a file that cannot be read this alone, once", () => {
    const { TEAHOUSE_S3_SECRET_KEY: _, ...rest } = whole
    const path = join(tmpdir(), "teahouse-there-is-none")
    const found = problems({ ...rest, TEAHOUSE_S3_SECRET_KEY_FILE: path })
    expect(found.map(({ en }) => en)).toEqual([
      `Variable TEAHOUSE_S3_SECRET_KEY_FILE: There is no file ${path}. Check the path.`,
    ])
    const half = problems({ TEAHOUSE_S3_BUCKET: "tea-blobs", TEAHOUSE_S3_SECRET_KEY_FILE: path })
    expect(half).toHaveLength(2)
    expect(half[1]?.en).toContain("s3_endpoint, s3_access_key are missing")
  })

  it.each<[string, Record<string, string>, string]>([
    [
      "half of it",
      { TEAHOUSE_S3_BUCKET: "tea-blobs" },
      "s3_endpoint, s3_access_key, s3_secret_key are missing",
    ],
    ["a style alone", { TEAHOUSE_S3_PATH_STYLE: "no" }, "s3_endpoint, s3_bucket"],
    ["a path", { ...whole, TEAHOUSE_S3_ENDPOINT: "https://s3.example.org/bucket" }, "without a path"],
    [
      "two endpoints",
      { ...whole, TEAHOUSE_S3_ENDPOINT: "http://a.example,http://b.example" },
      "without a path",
    ],
    ["a bucket's name", { ...whole, TEAHOUSE_S3_BUCKET: "Tea Blobs" }, "small letters"],
    ["a style", { ...whole, TEAHOUSE_S3_PATH_STYLE: "true" }, "use yes"],
    ["a secret", { ...whole, TEAHOUSE_S3_SECRET_KEY: "with space" }, "“***” is not valid"],
    ["two places", { ...whole, TEAHOUSE_BLOBS: "/srv/blobs" }, "files are in one place only"],
  ])("is refused in both languages: %s", (_, env, sentence) => {
    const found = problems(env)
    expect(found).toHaveLength(1)
    expect(found[0]?.en).toContain(sentence)
    expect(found[0]?.zh).toMatch(/\p{Script=Han}/u)
    expect(JSON.stringify(found)).not.toContain("with space")
  })
})
