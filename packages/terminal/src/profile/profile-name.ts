/** What a profile may be called: it is a folder's name on every system. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/i
/** Windows keeps these for devices, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i

export const isProfileName = (name: string): boolean => NAME.test(name) && !RESERVED.test(name)
