-- Prosody as `bench` measures it: archives of rooms and of people in SQLite, nothing between two machines, no limits.
local folder, port = os.getenv("BENCH_FOLDER"), tonumber(os.getenv("BENCH_PORT"))
run_as_root = true
data_path = folder
certificates = folder
pidfile = folder .. "/prosody.pid"
network_backend = "epoll"
modules_enabled = { "roster", "saslauth", "disco", "presence", "message", "iq", "register_ibr", "mam", "posix" }
modules_disabled = { "s2s", "tls", "offline" }
allow_registration = true
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
c2s_interfaces = { "127.0.0.1" }
c2s_ports = { port }
c2s_direct_tls_ports = {}
s2s_ports = {}
http_ports = {}
https_ports = {}
archive_expires_after = "never"
storage = { archive = "sql", muc_log = "sql" }
sql = { driver = "SQLite3", database = folder .. "/archive.sqlite" }
log = { warn = "*console" }
VirtualHost "localhost"
Component "conference.localhost" "muc"
  modules_enabled = { "muc_mam" }
  muc_room_locking = false
  muc_room_default_persistent = true
  -- Of who comes and goes only they themselves are told: 500 who come would be 125,000 presences before anything is measured.
  muc_room_default_presence_broadcast = { visitor = false, participant = false, moderator = false }
  muc_log_all_rooms = true
  muc_log_expires_after = "never"
