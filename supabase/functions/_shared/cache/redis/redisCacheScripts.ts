/**
 * What runs inside of Redis. KEYS: the value, its lease. A value is a text: 32 characters that name this writing of it, when
 * its load began by Redis's clock, and what scripts need not know, each on a line.
 */
const clock = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * ARGV: the writing that is of no use to the caller, the caller's token, how long a lease lasts. Answers with the value; or,
 * where there is none of use, with whether the caller is to load it.
 */
export const readScript = `${clock}
local kept = redis.call("GET", KEYS[1])
if kept and string.sub(kept, 1, 32) ~= ARGV[1] then return { string.format("%.0f", now), kept, 0 } end
if redis.call("SET", KEYS[2], ARGV[2], "NX", "PX", ARGV[3]) then return { string.format("%.0f", now), "", 1 } end
return { string.format("%.0f", now), "", 0 }`;

/**
 * ARGV: token, the age of what is written, how long it is kept, the value without its first two lines. Only who still has the
 * lease may write: whoever drops the key takes it away, so that a load from before leaves nothing behind.
 */
export const writeScript = `${clock}
if redis.call("GET", KEYS[2]) ~= ARGV[1] then return 0 end
local head = ARGV[1] .. "\\n" .. string.format("%.0f", now - tonumber(ARGV[2])) .. "\\n"
redis.call("SET", KEYS[1], head .. ARGV[4], "PX", ARGV[3])
redis.call("DEL", KEYS[2])
return 1`;

/** ARGV: token. */
export const releaseScript = `
if redis.call("GET", KEYS[2]) == ARGV[1] then redis.call("DEL", KEYS[2]) end
return 0`;

export const dropScript = `
redis.call("DEL", KEYS[1], KEYS[2])
return 0`;
