/**
 * The build fails on a missing translation and on a part that outgrew its budget. `--mode fake` builds the same screens on
 * the made-up ClientPort of src/dev, for looking at them; nothing of src/dev is reachable from the real entry.
 */
import tailwind from "@tailwindcss/vite"
import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"
import { budgets } from "./build/budgets.ts"
import { contents } from "./build/contents.ts"
import { emoji } from "./build/emoji.ts"
import { serviceWorker } from "./build/service-worker.ts"
import { translations } from "./build/translations.ts"

/** zod probes `new Function` unless told not to; chunks run before the entry's own statements, so each chunk says it. */
const banner = "globalThis.__zod_globalConfig??={jitless:true};"

/** The budget finds OPAQUE by its name. */
const chunkFileNames = ({ moduleIds }: { moduleIds: string[] }) =>
  moduleIds.some((id) => id.includes("@serenity-kit/opaque"))
    ? "assets/opaque-[hash].js"
    : "assets/[name]-[hash].js"

/** Whatever the worker begins with is one chunk: many small ones are larger together, each packed alone. */
const codeSplitting = { groups: [{ name: "core", tags: ["$initial" as const] }] }

/** Whoever bundles has read what they say by then; there are hundreds of them. */
const comments = { annotation: false }

const inside = contents()

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  base: "/",
  plugins: [
    translations(),
    emoji(),
    react(),
    tailwind(),
    mode === "fake" && {
      name: "teahouse:fake-entry",
      transformIndexHtml: {
        order: "pre" as const,
        handler: (html: string) => html.replace("/src/main.tsx", "/src/dev/main.tsx"),
      },
    },
    serviceWorker(),
    mode !== "fake" && budgets(),
    mode !== "fake" && inside.page(),
  ],
  worker: {
    format: "es" as const,
    plugins: () => [inside.worker()],
    rolldownOptions: { output: { banner, chunkFileNames, codeSplitting, comments } },
  },
  build: {
    target: ["chrome120", "firefox121", "safari17"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { output: { banner, comments } },
  },
}))
