#!/usr/bin/env node
// Plain JavaScript that even an old Node reads, because it has to say in words that the Node is too old.
const [major = 0] = process.versions.node.split(".").map(Number)
if (major >= 24 && process.features.typescript) {
  const { main } = await import("../src/main.ts")
  await main(process.argv.slice(2))
} else {
  console.error(
    `Teahouse 需要 Node.js 24 或更新版本，当前是 ${process.version}。请用 npm start 启动，或安装新版本：https://nodejs.org`,
  )
  console.error(
    `Teahouse needs Node.js 24 or newer; this is ${process.version}. Start it with npm start, or install a newer one: https://nodejs.org`,
  )
  process.exitCode = 1
}
