declare module "virtual:emoji" {
  const rows: readonly import("./table.ts").EmojiRow[]
  export default rows
}
