/**
 * Where an executable keeps its data when nobody says: the system's folder for what programs keep for a person. Not beside the
 * executable, which may lie where nobody may write, or among downloads that are cleared away; and not where it happens to be
 * started, which a double click decides differently on each system.
 */
import { posix, win32 } from "node:path"

type Environment = Readonly<Record<string, string | undefined>>

export function ownFolder(platform: NodeJS.Platform, env: Environment, home: string): string {
  switch (platform) {
    case "win32":
      return win32.join(env.LOCALAPPDATA || win32.join(home, "AppData", "Local"), "Teahouse")
    case "darwin":
      return posix.join(home, "Library", "Application Support", "Teahouse")
    default: {
      // The specification says that a path that is not absolute is to be ignored.
      const named = env.XDG_DATA_HOME ?? ""
      return posix.join(named.startsWith("/") ? named : posix.join(home, ".local", "share"), "teahouse")
    }
  }
}
