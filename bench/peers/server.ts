/** What the servers of the fan-out bench have in common: they say where they listen, and end with their parent. */
export function announce(port: number): void {
  process.stdout.write(`${JSON.stringify({ port })}\n`)
  process.stdin.on("end", () => process.exit(0))
  process.stdin.resume()
}
