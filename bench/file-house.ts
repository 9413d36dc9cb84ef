/** The house of `bench file`: large files are allowed, nothing else is special. */
import { startHouse } from "@teahouse/server/main.ts"
import { cheap } from "../test/headless/person.ts"

const GiB = 1024 ** 3
const house = await startHouse({
  data: process.argv[2] as string,
  port: 0,
  stretching: cheap,
  logLevel: "silent",
  limits: { fileBytes: 2 * GiB, userFileBytes: 8 * GiB },
})
process.send?.(house.url)
process.on("SIGTERM", () => void house.stop().then(() => process.exit(0)))
process.on("disconnect", () => process.exit(0))
