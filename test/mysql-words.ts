/**
 * SQL that MariaDB takes and MySQL 8.0 does not. The tests run on MariaDB, so whatever is written for it alone would be found by
 * whoever starts a house on MySQL. Every statement of the tests on MariaDB passes through here (mysql-words.setup.ts).
 *
 * No grammar: a statement is brought to one form, without comments and values, its own words in capitals, quoted names in small
 * letters; what MySQL refuses is then a pattern. Sources: MySQL 8.0 Reference Manual 9.3 (reserved words) and 13, MariaDB's list
 * of incompatibilities with MySQL 8.0. What came only with a later 8.0.x is refused too: 8.0 is what is promised.
 */

/** Why MySQL 8.0 does not take it; undefined: nothing is known against it. */
export function foreignToMysql(sql: string): string | undefined {
  const text = plainForm(sql)
  for (const [what, pattern] of patterns) if (pattern.test(text)) return what
  const word = reservedName(text)
  if (word) return `${word} is a reserved word of MySQL's and stands as a name`
  return conditional(text) ?? literalDefault(text) ?? readsWhatItChanges(text)
}

/** Of a script, or of one statement. */
export const statementsOf = (script: string): readonly string[] =>
  withoutComments(script)
    .split(/;\s*(?:\n|$)/)
    .map((one) => one.trim())
    .filter((one) => one !== "")

// Comments that MariaDB alone runs stay, so that they are found.
const COMMENT = /\/\*(?!M?!)[\s\S]*?\*\/|(?:#|--(?=\s|$)).*$/
const VALUE = /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"/
const NAME = /`(?:[^`]|``)*`/
const parts = new RegExp([COMMENT, VALUE, NAME].map(({ source }) => `(${source})`).join("|"), "gm")

const withoutComments = (sql: string) =>
  sql.replace(parts, (whole, comment?: string) => (comment === undefined ? whole : " "))

function plainForm(sql: string): string {
  const kept: string[] = []
  const keep = (text: string) => `\uE000${kept.push(text) - 1}\uE000`
  const bare = sql.replace(parts, (whole, comment?: string, value?: string) =>
    comment !== undefined ? " " : keep(value === undefined ? whole.toLowerCase() : "''"),
  )
  const spaced = bare
    .toUpperCase()
    .replace(/\s+/g, " ")
    .replace(/ ?([(),=]) ?/g, " $1 ")
    .replace(/ +/g, " ")
  return spaced.replace(/\uE000(\d+)\uE000/g, (_, at) => kept[Number(at)] as string).trim()
}

const MADE =
  "TABLE|TEMPORARY|INDEX|UNIQUE|FULLTEXT|DATABASE|SCHEMA|SEQUENCE|USER|ROLE|FUNCTION|AGGREGATE|PROCEDURE|TRIGGER|EVENT|SERVER|PACKAGE"
const FUNCTIONS = [
  ...[
    "JSON_DETAILED",
    "JSON_LOOSE",
    "JSON_COMPACT",
    "JSON_EXISTS",
    "JSON_QUERY",
    "JSON_NORMALIZE",
    "JSON_EQUALS",
  ],
  ...[
    "JSON_OBJECT_FILTER_KEYS",
    "JSON_OBJECT_TO_ARRAY",
    "JSON_ARRAY_INTERSECT",
    "JSON_KEY_VALUE",
    "JSON_UNESCAPE_UNICODE",
  ],
  // In MySQL from 8.0.21.
  "JSON_VALUE",
  ...[
    "NVL",
    "NVL2",
    "DECODE_ORACLE",
    "ADD_MONTHS",
    "MONTHS_BETWEEN",
    "TO_CHAR",
    "TO_NUMBER",
    "TO_DATE",
    "SYS_GUID",
    "CHR",
  ],
  ...[
    "UUID_V4",
    "UUID_V7",
    "NATURAL_SORT_KEY",
    "SFORMAT",
    "KDF",
    "CRC32C",
    "LENGTHB",
    "SYSDATE_ORACLE",
    "ROWNUM",
  ],
  ...[
    "NEXTVAL",
    "LASTVAL",
    "SETVAL",
    "MEDIAN",
    "PERCENTILE_CONT",
    "PERCENTILE_DISC",
    "VEC_DISTANCE",
    "VEC_FROMTEXT",
  ],
  ...[
    "COLUMN_CREATE",
    "COLUMN_ADD",
    "COLUMN_GET",
    "COLUMN_DELETE",
    "COLUMN_CHECK",
    "COLUMN_EXISTS",
    "COLUMN_LIST",
    "COLUMN_JSON",
  ],
  ...["BINLOG_GTID_POS", "MASTER_GTID_WAIT", "RELEASE_ALL_LOCKS_BY_NAME"],
  // MySQL had these once.
  ...["PASSWORD", "OLD_PASSWORD", "ENCODE", "DECODE", "ENCRYPT", "DES_ENCRYPT", "DES_DECRYPT"],
]
const ENGINES = "ARIA|SPIDER|MROONGA|S3|OQGRAPH|CONNECT|SEQUENCE|ROCKSDB|COLUMNSTORE|SPHINX"

/** What it is, and how it looks in the plain form. */
const patterns: readonly (readonly [string, RegExp])[] = [
  ["a comment that MariaDB runs", /\/\*M?!/],
  ["RETURNING", /\bRETURNING\b/],
  ["CREATE OR REPLACE", new RegExp(`\\bCREATE OR REPLACE (?:${MADE})\\b`)],
  ["a sequence", /\b(?:CREATE|DROP|ALTER)(?: TEMPORARY)? SEQUENCE\b|\b(?:NEXT|PREVIOUS) VALUE FOR\b/],
  ["ROWS EXAMINED", /\bROWS EXAMINED\b/],
  ["FETCH FIRST, or OFFSET … ROWS", /\bFETCH (?:FIRST|NEXT)\b|\bOFFSET \S+ ROWS?\b/],
  [
    "a table with versions",
    /\bSYSTEM VERSIONING\b|\bSYSTEM_TIME\b|\bPERIOD FOR\b|\bFOR PORTION OF\b|\bWITHOUT OVERLAPS\b/,
  ],
  // UUID() is a function in both.
  ["a type that MySQL has not", /\b(?:UUID|INET4|INET6|VECTOR|XMLTYPE|VARCHAR2|CLOB)\b(?! \( \))/],
  ["a function that MySQL has not", new RegExp(`(?<![.\`])\\b(?:${FUNCTIONS.join("|")}) \\(`)],
  [
    "an option of MariaDB's tables",
    /\b(?:PAGE_CHECKSUM|PAGE_COMPRESSED|PAGE_COMPRESSION_LEVEL|TRANSACTIONAL|ENCRYPTED|ENCRYPTION_KEY_ID|IETF_QUOTES) ?=/,
  ],
  ["an engine that MySQL has not", new RegExp(`\\bENGINE =? ?(?:${ENGINES})\\b`)],
  ["PERSISTENT, which MySQL calls STORED", /\) PERSISTENT\b/],
  ["an index that is IGNORED", /\b(?:NOT )?IGNORED\b/],
  ["a collation that MySQL has not", /\b\w*(?:UCA1400|NOPAD)\w*\b/],
  ["COMPRESSED columns", /\b(?:BLOB|TEXT|CHAR|BINARY)(?: \( \d+ \))? COMPRESSED\b/],
  ["WAIT with seconds", /\bWAIT (?:\d+|\?)/],
  ["EXECUTE IMMEDIATE", /\bEXECUTE IMMEDIATE\b/],
  ["SET STATEMENT", /^SET STATEMENT\b/],
  ["BEGIN NOT ATOMIC", /\bBEGIN NOT ATOMIC\b/],
  ["ANALYZE of a statement", /^ANALYZE (?:FORMAT|SELECT|UPDATE|DELETE|INSERT|WITH)\b/],
  ["MINUS, EXCEPT or INTERSECT", /\b(?:MINUS|EXCEPT|INTERSECT)(?: ALL| DISTINCT)? (?:\( )?SELECT\b/],
  ["VALUES as a table, without ROW", /^(?!INSERT|REPLACE).*\bVALUES \(/],
  ["VALUE() of an upsert", /\bON DUPLICATE KEY UPDATE\b.*\bVALUE \(/],
  [
    "a default that is an expression without brackets",
    /\bDEFAULT (?!CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)[A-Z_]\w* \(/,
  ],
  ["a GROUP BY with an order", /\bGROUP BY (?:(?!ORDER BY|HAVING|LIMIT|\)).)* (?:ASC|DESC)\b/],
  [
    "a password in another way than MySQL's",
    /\bIDENTIFIED VIA\b|\bIDENTIFIED BY PASSWORD\b|^GRANT .*\bIDENTIFIED\b|\bSET PASSWORD\b.*\bPASSWORD \(/,
  ],
  ["SQL_CACHE", /\bSQL_CACHE\b/],
  ["an older way to lock", /\bLOCK IN SHARE MODE (?:WAIT|NOWAIT|SKIP)\b/],
]

/** Reserved in MySQL 8.0 and not in MariaDB. A name after a point needs no quotes. */
const RESERVED = [
  ...[
    "CUBE",
    "EMPTY",
    "FUNCTION",
    "GENERATED",
    "GET",
    "GROUPS",
    "IO_AFTER_GTIDS",
    "IO_BEFORE_GTIDS",
    "LATERAL",
    "MASTER_BIND",
  ],
  ...["OF", "OPTIMIZER_COSTS", "OVER", "STORED", "SYSTEM", "VIRTUAL", "WINDOW"],
]
/** These are called, too. */
const CALLED = [
  ...[
    "CUME_DIST",
    "DENSE_RANK",
    "FIRST_VALUE",
    "GROUPING",
    "JSON_TABLE",
    "LAG",
    "LAST_VALUE",
    "LEAD",
    "NTH_VALUE",
    "NTILE",
  ],
  ...["PERCENT_RANK", "RANK", "ROW_NUMBER"],
]
const reserved = new RegExp(
  `(?<![.\`@])\\b(?:(${RESERVED.join("|")})\\b|(?<!\\b(?:TABLE|INTO|EXISTS) )(?:${CALLED.join("|")}) \\(|(${CALLED.join("|")})\\b)`,
  "g",
)
/** Where such a word is no name. */
const asKeyword: Readonly<Record<string, RegExp>> = {
  FUNCTION: /^(?:CREATE|DROP|ALTER|SHOW|GRANT|REVOKE)\b/,
  GENERATED: /\bGENERATED ALWAYS\b/,
  STORED: /\) STORED\b/,
  VIRTUAL: /\) VIRTUAL\b/,
  OVER: /\bOVER (?:\(|[A-Z_`])/,
}
function reservedName(text: string): string | undefined {
  for (const [, never, called] of text.matchAll(reserved)) {
    const word = never ?? called
    if (word && !asKeyword[word]?.test(text)) return word
  }
  return undefined
}

const ifWords = /\bIF (?:NOT )?EXISTS\b/g
const mayBeCreated = /^CREATE (?:TABLE|TEMPORARY TABLE|DATABASE|SCHEMA|EVENT|USER|ROLE) $/
const mayBeDropped =
  /^DROP (?:TABLE|TABLES|TEMPORARY TABLE|DATABASE|SCHEMA|VIEW|EVENT|PROCEDURE|FUNCTION|TRIGGER|USER|ROLE|SERVER) $|^ALTER USER $/

/** IF EXISTS and IF NOT EXISTS stand in few places there: in no ALTER TABLE and at no index. */
function conditional(text: string): string | undefined {
  for (const { 0: words, index } of text.matchAll(ifWords)) {
    const before = text.slice(0, index)
    const good = words === "IF EXISTS" ? mayBeDropped.test(before) : mayBeCreated.test(before)
    if (!good) return `${words} after “${before.trim()}”`
  }
  return undefined
}

/** MySQL has defaults for these types only in brackets. */
function literalDefault(text: string): string | undefined {
  const column = /\b(?:(?:TINY|MEDIUM|LONG)?(?:BLOB|TEXT)|JSON|GEOMETRY)\b[^,()]*\bDEFAULT (?!NULL\b)['\dA-Z]/
  return column.test(text) ? "a default of a BLOB, TEXT or JSON" : undefined
}

/** “You can't specify target table for update in FROM clause” (1093): but for a derived table, which is made before. */
function readsWhatItChanges(text: string): string | undefined {
  const target = /^(?:UPDATE|DELETE FROM)(?: LOW_PRIORITY| IGNORE)* (\S+)/.exec(text)?.[1]
  if (!target) return undefined
  const derived: boolean[] = []
  const words = text.split(" ")
  for (const [at, word] of words.entries()) {
    const before = words[at - 1] ?? ""
    if (word === "(") derived.push(before === "FROM" || before === "JOIN")
    else if (word === ")") derived.pop()
    else if (
      derived.length > 0 &&
      !derived.includes(true) &&
      /^(?:FROM|JOIN)$/.test(before) &&
      word === target
    )
      return `${target.toLowerCase()} is read in a subquery while it is changed`
  }
  return undefined
}
