/** What a table of strings is, and what another language's table must be. */
export type Strings = Record<string, string | ((...args: never[]) => string)>
export type Translation<T extends Strings> = {
  readonly [K in keyof T]: T[K] extends string ? string : T[K]
}
