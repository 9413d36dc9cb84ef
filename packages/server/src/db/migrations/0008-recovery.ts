/** Signing in with the recovery code. Statements that SQLite and MySQL 8 both accept (see 0001-accounts.ts). */
export const recovery: readonly string[] = [
  // 1: made by the recovery code, which is to be replaced together with the password before anything else.
  "ALTER TABLE session ADD COLUMN recovering INT NOT NULL DEFAULT 0",
]
