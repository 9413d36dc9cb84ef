/** The part of pngjs 7 that is used here; its own types are a package of their own. */
declare module "pngjs" {
  export class PNG {
    constructor(options: { width: number; height: number })
    readonly width: number
    readonly height: number
    readonly data: Buffer
    static readonly sync: {
      read(bytes: Buffer): PNG
      write(png: PNG): Buffer
    }
  }
}
