/** `node scripts/mysql-script.ts`: writes sql/mysql/teahouse.sql anew; a test holds it to the migrations. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { mysqlScript } from "../packages/server/src/db/mysql-script.ts"

writeFileSync(join(import.meta.dirname, "..", "sql", "mysql", "teahouse.sql"), mysqlScript())
