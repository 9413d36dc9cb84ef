/** Rows of the matrix: files, whose routes are no JSON and stand beside the table (http/blob.ts of the protocol). */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { BLOBS_PATH, READ_TOKEN_HEADER, TUS_VERSION, UPLOADS_PATH } from "@teahouse/protocol/http/blob.ts"
import { API } from "@teahouse/protocol/http.ts"
import { idBytes, newId } from "@teahouse/protocol/ids.ts"
import { random } from "../http/house.fixture.ts"
import type { Row } from "./row.fixture.ts"
import type { World } from "./world.fixture.ts"

export type FileRow = Pick<Row, "door" | "answers"> & {
  readonly ask: (world: World) => {
    readonly path: string
    readonly headers?: Record<string, string>
    readonly body?: Uint8Array
  }
}

const tus = { "tus-resumable": TUS_VERSION }
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64")
const begun = ({ blob }: World) => ({ path: `${API}${UPLOADS_PATH}/${blob.blob}`, headers: tus })
const read = ({ blob }: World, token: Uint8Array) => ({
  path: `${API}${BLOBS_PATH}/${blob.blob}`,
  headers: { [READ_TOKEN_HEADER]: toBase64url(token) },
})
/** The owner's; to others there is none. */
const owners = { rest: "404", owner: "204" }

export const fileRows: Readonly<Record<string, FileRow>> = {
  [`POST ${UPLOADS_PATH}`]: {
    door: "device",
    ask: () => {
      const about = `blob ${base64(idBytes(newId(random)))},token ${base64(random(32))}`
      return {
        path: API + UPLOADS_PATH,
        headers: { ...tus, "upload-length": "8", "upload-metadata": about },
      }
    },
    answers: { rest: "201" },
  },
  [`HEAD ${UPLOADS_PATH}/:blob`]: { door: "device", ask: begun, answers: { rest: "404", owner: "200" } },
  [`PATCH ${UPLOADS_PATH}/:blob`]: {
    door: "device",
    ask: (world) => {
      const { path, headers } = begun(world)
      const type = { "content-type": "application/offset+octet-stream", "upload-offset": "8" }
      return { path, headers: { ...headers, ...type }, body: new Uint8Array(0) }
    },
    answers: owners,
  },
  // Whoever has the token from inside the message.
  [`GET ${BLOBS_PATH}/:blob`]: {
    door: "device",
    ask: (world) => read(world, world.blob.token),
    answers: { rest: "200" },
  },
  [`GET ${BLOBS_PATH}/:blob without the token`]: {
    door: "device",
    ask: (world) => read(world, random(16)),
    answers: { rest: "404" },
  },
  [`DELETE ${UPLOADS_PATH}/:blob`]: { door: "device", ask: begun, answers: owners },
}
