/** The stub's own reading of Signature Version 4, held against Amazon's examples: what it lets through is signed right. */
import { expect, test } from "vitest"
import { signatureOf } from "./stub.fixture.ts"

// Amazon S3 API reference, “Authenticating requests: Authorization header”, examples GET Object and GET Bucket (List objects).
const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
const base = {
  method: "GET",
  date: "20130524T000000Z",
  region: "us-east-1",
  sum: empty,
  secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}
const own = [
  ["x-amz-content-sha256", empty],
  ["x-amz-date", "20130524T000000Z"],
] as const

test("a part of an object", () => {
  const url = new URL("https://examplebucket.s3.amazonaws.com/test.txt")
  const headers = [["host", url.host], ["range", "bytes=0-9"], ...own] as const
  expect(signatureOf({ ...base, url, headers })).toBe(
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  )
})

test("a list", () => {
  const url = new URL("https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J")
  const headers = [["host", url.host], ...own] as const
  expect(signatureOf({ ...base, url, headers })).toBe(
    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  )
})
