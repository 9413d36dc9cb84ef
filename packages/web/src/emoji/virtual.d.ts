declare module "virtual:emoji" {
  const rows: readonly import("@teahouse/client/emoji/table.ts").EmojiRow[]
  export default rows
}
