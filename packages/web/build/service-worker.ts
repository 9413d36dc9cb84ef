/**
 * Bundles src/sw.ts to /sw.js and writes into it the list of files of this very build. The list makes the file's bytes
 * change with every build, which is how a browser notices a new version. Workbox would do the same with 20 kB more.
 */
import { createHash } from "node:crypto"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { build, type Plugin } from "vite"

export const serviceWorker = (): Plugin => {
  let root = ""
  let directory = ""
  return {
    name: "teahouse:service-worker",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      root = config.root
      directory = join(config.root, config.build.outDir)
      if (config.build.outDir.startsWith("/")) directory = config.build.outDir
    },
    async closeBundle() {
      const files = readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter(
          (entry) =>
            entry.isFile() &&
            entry.name !== "sw.js" &&
            !entry.name.startsWith(".") &&
            !entry.name.endsWith(".map"),
        )
        .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/"))
        .sort()
      const version = createHash("sha256")
      for (const file of files) version.update(file).update(readFileSync(join(directory, file)))
      const result = await build({
        configFile: false,
        root,
        logLevel: "error",
        publicDir: false,
        define: {
          __VERSION__: JSON.stringify(version.digest("hex").slice(0, 16)),
          __FILES__: JSON.stringify(files.map((file) => `/${file}`)),
        },
        build: {
          write: false,
          target: "chrome120",
          lib: { entry: join(root, "src/sw.ts"), formats: ["es"], fileName: "sw" },
        },
      })
      const output = Array.isArray(result) ? result[0] : result
      if (!output || !("output" in output)) return this.error("The service worker was not built.")
      writeFileSync(join(directory, "sw.js"), output.output[0].code)
    },
  }
}
