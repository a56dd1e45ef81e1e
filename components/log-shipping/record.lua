-- What becomes of each line before it leaves the node: one form for all programs, what is personal or secret masked, what
-- is worth an alert named. Fluent Bit calls `shape`; it embeds LuaJIT, whose patterns know no alternatives.

local environment = os.getenv("ENVIRONMENT")
local node = os.getenv("NODE_NAME")
-- What the names of the environment's own things begin with, such as whisper-staging-.
local prefix = os.getenv("NAME_PREFIX") or ""

-- Masking ------------------------------------------------------------------------------------------------------------

local masked = "[masked]"

-- Fields whose value is a secret, whatever it looks like: lower case, without hyphens and underscores.
local secret_fields = {
  "authorization", "cookie", "setcookie", "password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey",
  "privatekey", "signingkey", "clientsecret", "dsn", "sessionid", "csrf", "credential", "jwt", "otp", "pin",
}

-- Fields that end like one and are none.
local plain_fields = { tokens = true, maxtokens = true, tokencount = true, prompttokens = true, spin = true }

local function is_secret_field(name)
  local bare = tostring(name):lower():gsub("[-_.%s]", "")
  if plain_fields[bare] then return false end
  for _, ending in ipairs(secret_fields) do
    if bare:sub(-#ending) == ending and (ending ~= "pin" or bare == "pin") then return true end
  end
  return false
end

-- A pattern that finds a word in whatever case.
local function any_case(word)
  return (word:gsub("%a", function(letter) return "[" .. letter:lower() .. letter:upper() .. "]" end))
end

-- Begins a word that ends in one of the secret fields' names, as in db_password=..., "accessToken": "...", X-Api-Key: ...
local assigned = {}
for _, word in ipairs({
  "password", "passwd", "passphrase", "secret", "token", "api[-_]?key", "access[-_]?key", "private[-_]?key",
  "signature", "credential", "session[-_]?id", "jwt",
}) do
  local name = any_case(word):gsub("%[%-_%]%?", "[-_]?")
  -- In quotes everything up to the next quote, else everything up to what ends a value.
  table.insert(assigned, { "(" .. name .. "\\?[\"']?%s*[:=]%s*\\?\")([^\"\\]+)", "%1" .. masked })
  table.insert(assigned, { "(" .. name .. "[\"']?%s*[:=]%s*')([^']+)", "%1" .. masked })
  table.insert(assigned, { "(" .. name .. "[\"']?%s*[:=]%s*)([^%s\"'&,;}%[%]]+)", "%1" .. masked })
end

local authorization = any_case("authorization")
local cookie = any_case("cookie")

-- After a scheme's name may stand a word as well: "basic authentication", "bearer expired".
local function mask_credential(scheme, text)
  if #text >= 20 or text:find("[%d=]") or text:find("%l%u") then return scheme .. masked end
  return nil
end

local function mask_secrets(text)
  -- Headers, to the end of what they say: a scheme and what follows it.
  text = text:gsub("(" .. authorization .. "\\?[\"']?%s*[:=]%s*\\?[\"']?)[^\"',;}\r\n\\]+", "%1" .. masked)
  text = text:gsub("(" .. cookie .. "\\?[\"']?%s*[:=]%s*\\?[\"']?)[^\"'}\r\n\\]+", "%1" .. masked)
  text = text:gsub("([Bb][Ee][Aa][Rr][Ee][Rr]%s+)([%w%-._~+/]+=*)", mask_credential)
  text = text:gsub("([Bb][Aa][Ss][Ii][Cc]%s+)([%w+/]+=*)", mask_credential)
  -- A password in an address.
  text = text:gsub("(%a[%w+.-]*://[^%s:/@]*:)[^%s/@]+@", "%1" .. masked .. "@")
  -- What is a token by its form.
  text = text:gsub("eyJ[%w_-]+%.[%w_-]+%.?[%w_-]*", masked)
  text = text:gsub("do[opr]_v1_%x+", masked)
  text = text:gsub("xox[abeoprs]%-[%w-]+", masked)
  text = text:gsub("(hooks%.slack%.com/services/)[%w/]+", "%1" .. masked)
  text = text:gsub("%f[%w]DO00%u[%u%d]+", masked)
  text = text:gsub("(%-%-%-%-%-BEGIN [%u ]*PRIVATE KEY%-%-%-%-%-).-(%-%-%-%-%-END)", "%1" .. masked .. "%2")
  for _, rule in ipairs(assigned) do text = text:gsub(rule[1], rule[2]) end
  return text
end

-- Our own machines' addresses are nobody's, and are what one looks for.
local function is_private(a, b)
  return a == 10 or a == 127 or a == 0 or (a == 172 and b >= 16 and b <= 31) or (a == 192 and b == 168)
    or (a == 169 and b == 254) or (a == 100 and b >= 64 and b <= 127)
end

local function mask_ipv4(a, b, c, d)
  local numbers = { tonumber(a), tonumber(b), tonumber(c), tonumber(d) }
  for _, number in ipairs(numbers) do if number > 255 then return nil end end
  if is_private(numbers[1], numbers[2]) then return nil end
  return a .. "." .. b .. "." .. c .. ".x"
end

-- A time of day has colons too: an address has eight groups, or leaves some out.
local function mask_ipv6(text)
  local _, colons = text:gsub(":", "")
  if text:find("::", 1, true) == nil and colons ~= 7 then return nil end
  if colons > 7 or colons < 2 or not text:find("%x") then return nil end
  local groups = {}
  for group in text:gmatch("%x+") do
    if #group > 4 then return nil end
    table.insert(groups, group)
  end
  local first = (groups[1] or ""):lower()
  -- Loopback, link-local and private ones.
  if text:sub(1, 2) == "::" or first:find("^f[cd]") or first:find("^fe[89ab]") then return nil end
  -- The network, at most three groups of it; the rest is one household's.
  local kept = {}
  for group in text:match("^(.-)::"):gmatch("%x+") do table.insert(kept, group) end
  return table.concat(kept, ":", 1, math.min(3, #kept)) .. "::x"
end

local function network_of(text)
  if text:find("::", 1, true) == nil then text = text:gsub("^(%x+:%x+:%x+):.*$", "%1::") end
  return mask_ipv6(text)
end

local function mask_addresses(text)
  text = text:gsub("[%w._%%+-]+@[%w-]+%.[%w.-]*%a", "[e-mail]")
  text = text:gsub("%f[%w.](%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)%f[^%w]", mask_ipv4)
  text = text:gsub("%f[%w:]%x*:[%x:]*:%x*%f[^%w:]", function(found)
    local _, colons = found:gsub(":", "")
    if found:find("::", 1, true) == nil and colons ~= 7 then return nil end
    return network_of(found)
  end)
  return text
end

local function mask_text(text)
  return (mask_addresses(mask_secrets(text)))
end

local function mask(value, depth)
  if type(value) == "string" then return mask_text(value) end
  if type(value) ~= "table" then return value end
  -- Whoever nests deeper means it ill, or nothing.
  if depth > 8 then return masked end
  local result = {}
  for name, each in pairs(value) do
    if type(name) == "string" and is_secret_field(name) then
      result[name] = masked
    else
      result[type(name) == "string" and mask_text(name) or name] = mask(each, depth + 1)
    end
  end
  return result
end

-- Level --------------------------------------------------------------------------------------------------------------

local levels = {
  trace = "debug", debug = "debug", dbug = "debug", verbose = "debug",
  info = "info", information = "info", informational = "info", notice = "info", log = "info",
  warn = "warning", warning = "warning",
  error = "error", err = "error", eror = "error", severe = "error",
  critical = "critical", crit = "critical", fatal = "critical", panic = "critical", alert = "critical",
  emergency = "critical", emerg = "critical",
}

local syslog_levels = {
  [0] = "critical", [1] = "critical", [2] = "critical", [3] = "error", [4] = "warning", [5] = "info", [6] = "info",
  [7] = "debug",
}

-- One letter and a date, as Kubernetes' own programs begin.
local letters = { I = "info", W = "warning", E = "error", F = "critical" }

local function take(fields, names)
  for _, name in ipairs(names) do
    local value = fields[name]
    if value ~= nil and type(value) ~= "table" then
      fields[name] = nil
      return value
    end
  end
  return nil
end

local function level_of(fields, message)
  local said = take(fields, { "level", "severity", "levelname", "log.level", "priority", "lvl" })
  if type(said) == "number" then
    -- Pino counts in tens, upwards; syslog from 7 down.
    if said >= 10 then
      return said >= 60 and "critical" or said >= 50 and "error" or said >= 40 and "warning" or said >= 30 and "info" or "debug"
    end
    return syslog_levels[said] or "info"
  end
  if said ~= nil then return levels[tostring(said):lower()] or "info" end
  local letter = message:match("^([IWEF])%d%d%d%d ")
  if letter then return letters[letter] end
  if message:find("^Traceback %(most recent call last%)") or message:find("^panic: ") then return "error" end
  -- A level stands before what is said: in capitals, or in brackets, or as level=...
  local head = message:sub(1, 120)
  local named = head:match("level=\"?(%a+)") or head:match("%[(%a+)%]")
  if named and levels[named:lower()] then return levels[named:lower()] end
  for word in head:gmatch("%f[%a](%u%u%u%u?%u?%u?%u?%u?)%f[^%a]") do
    if levels[word:lower()] and word ~= "LOG" then return levels[word:lower()] end
  end
  return "info"
end

-- What is worth an alert ----------------------------------------------------------------------------------------------

local failed_logins = {
  "[Ff]ailed password", "[Ii]nvalid user ", "[Ff]ailed login", "[Ll]ogin failed", "[Ss]ign%-?in failed",
  "[Ii]nvalid username or password", "[Ii]nvalid credentials", "[Aa]uthentication failed",
  "[Aa]uthentication failure", "password authentication failed", "[Ii]ncorrect password",
}

local refused_privileges = {
  "NOT in sudoers", "incorrect password attempt", "sudo:auth%): authentication failure", "su:auth%): authentication failure",
  "FAILED su for",
}

-- What nobody asks for who knows the platform.
local probes = {
  "/%.env", "/%.git/", "/%.aws/", "/%.ssh/", "/wp%-", "phpmyadmin", "/cgi%-bin/", "/etc/passwd", "%.%./%.%./", "%%2e%%2e",
  "<script", "%%3cscript", "union[ +]select", "union%%20select", "/actuator", "/vendor/phpunit", "%.php$",
}

local sign_in_paths = { "/auth/", "/login", "/signin", "/sign%-in", "/token" }

local function matches(text, patterns)
  for _, pattern in ipairs(patterns) do if text:find(pattern) then return true end end
  return false
end

local function event_of(fields, message)
  local path, status = fields.path, tonumber(fields.status)
  if type(path) == "string" and status then
    if matches(path:lower(), probes) then return status < 400 and "probe-answered" or "probe" end
    if status == 401 and matches(path:lower(), sign_in_paths) then return "failed-login" end
    return "none"
  end
  if matches(message, refused_privileges) then return "privilege-refused" end
  if matches(message, failed_logins) then return "failed-login" end
  return "none"
end

-- Shape --------------------------------------------------------------------------------------------------------------

-- The pods of one Deployment, StatefulSet, DaemonSet or Job are one component.
local function component_of(pod)
  local name = pod:gsub("%-%x+%-%w%w%w%w%w$", "")
  if name == pod then name = pod:gsub("%-%d+$", "") end
  if name == pod then name = pod:gsub("%-%w%w%w%w%w$", "") end
  if name:sub(1, #prefix) == prefix then name = name:sub(#prefix + 1) end
  return name
end

local function trace_of(fields, message)
  local said = take(fields, { "trace_id", "traceId", "traceID", "trace.id", "otelTraceID" })
  if said == nil and type(fields.traceparent) == "string" then said = fields.traceparent:match("^%x%x%-(%x+)%-") end
  if said == nil then said = message:match("trace_?[iI][dD][\"']?[=:]%s*[\"']?(%x+)") end
  if type(said) == "string" and #said == 32 and said:find("^%x+$") and said:find("[^0]") then return said:lower() end
end

local function message_of(fields)
  local said = take(fields, { "message", "msg", "log", "output", "event", "error" })
  if said ~= nil then return tostring(said) end
  if fields.method ~= nil and fields.path ~= nil then
    return tostring(fields.method) .. " " .. tostring(fields.path) .. " " .. tostring(fields.status or "")
  end
  return ""
end

-- Where a line comes from: a container on this node by the tag, or a machine that sends what it logs.
local function origin_of(tag, fields)
  local namespace, pod, container = tag:match("^container_([^_]+)_([^_]+)_(.+)$")
  if namespace then
    return { namespace = namespace, pod = pod, container = container, component = component_of(pod), node = node }
  end
  local program = take(fields, { "ident" }) or "unknown"
  local host = take(fields, { "host" }) or "unknown"
  return { namespace = "droplets", pod = tostring(host), container = tostring(program), component = tostring(program), node = tostring(host) }
end

function shape(tag, timestamp, record)
  local result = origin_of(tag, record)
  record.time, record._p = nil, nil
  local facility = tonumber(take(record, { "pri" }))
  if facility and record.level == nil then record.level = facility % 8 end
  local message = message_of(record)
  result.environment = environment
  result.level = level_of(record, message)
  result.trace_id = trace_of(record, message)
  result.event = event_of(record, message)
  result.message = mask_text(message)
  if next(record) ~= nil then result.attributes = mask(record, 1) end
  return 2, timestamp, result
end
