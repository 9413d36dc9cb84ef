/** The version of everything that is sealed: messages, first lines, notebook records. `lock.test.ts` holds the history. */
export const CONTENT_VERSION = 1
