/**
 * What runs inside of Redis. Times are Redis's own, in milliseconds; values are texts that begin with what the scripts look
 * at (`epoch:until:json`, `until:json`), as JSON read there would lose integers. KEYS: phases, reports, overrides.
 */
const clock = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

const all = `
local function all(isChanged)
  return { now, redis.call("HGETALL", KEYS[1]), redis.call("HGETALL", KEYS[2]), redis.call("HGETALL", KEYS[3]), isChanged }
end
`;

/** Answers with all there is. */
export const readScript = `${clock}${all}
return all(0)`;

/** ARGV: field, for how long it counts, the report. Forgets those whose time is up. */
export const reportScript = `${clock}${all}
local known = redis.call("HGETALL", KEYS[2])
for at = 1, #known, 2 do
  local untilMs = tonumber(string.match(known[at + 1], "^([%d.]+):"))
  if untilMs <= now then redis.call("HDEL", KEYS[2], known[at]) end
end
redis.call("HSET", KEYS[2], ARGV[1], string.format("%.0f", now + tonumber(ARGV[2])) .. ":" .. ARGV[3])
return all(0)`;

/** ARGV: name, the epoch that was seen, how long the phase lasts, the phase. */
export const changeScript = `${clock}${all}
local known = redis.call("HGET", KEYS[1], ARGV[1])
local epoch = "0"
if known then epoch = string.match(known, "^(%d+):") end
if epoch ~= ARGV[2] then return all(0) end
local untilMs = string.format("%.0f", now + tonumber(ARGV[3]))
redis.call("HSET", KEYS[1], ARGV[1], string.format("%.0f", tonumber(epoch) + 1) .. ":" .. untilMs .. ":" .. ARGV[4])
return all(1)`;

/** ARGV: name, the override; an empty one takes it back. */
export const overrideScript = `${clock}${all}
if ARGV[2] == "" then redis.call("HDEL", KEYS[3], ARGV[1]) else redis.call("HSET", KEYS[3], ARGV[1], ARGV[2]) end
return all(0)`;
