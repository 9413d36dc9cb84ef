/** A house for each test of a file that can be backed up, lost and restored at the same address. */
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { restoreBackup } from "@teahouse/server/backup/restore.ts"
import { takeBackup } from "@teahouse/server/backup/take.ts"
import { houseForEach, withoutLimits } from "./house-for-each.ts"

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const onProgress = () => {}
const database = "sqlite"

export function houseAndBackups(limits: Parameters<typeof houseForEach>[0] = {}) {
  const house = houseForEach({ ...withoutLimits, generationIntervalMs: 1_000, ...limits })
  let restored = 0

  return {
    ...house,
    async backUp(name: string) {
      const to = join(house.folder(), name)
      const what = { configuration: { data: house.data(), database }, to, operatorKey: undefined }
      const taken = await takeBackup({ ...what, now: Date.now, random, onProgress })
      if (!taken.ok) throw new Error(taken.error.kind)
    },
    /** Changes what it has stored while it is closed. */
    change(sql: string) {
      const rows = new DatabaseSync(join(house.data(), "house.db"))
      rows.exec(sql)
      rows.close()
    },
    /** Lost, and back at the same address as it was when the backup was taken; each time in a minute of its own. */
    async restore(name: string) {
      await house.stop()
      const minutes = ++restored
      const data = join(house.folder(), `house ${minutes}`)
      const now = () => Date.now() + minutes * 60_000
      const more = { operatorKey: undefined, signOut: false, now, onProgress }
      const made = await restoreBackup({ from: join(house.folder(), name), data, database, ...more })
      if (!made.ok) throw new Error(JSON.stringify(made.error))
      await house.reopen(data)
    },
  }
}
