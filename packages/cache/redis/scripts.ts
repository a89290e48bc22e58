/**
 * What Redis runs, each script in one step that nothing comes between. They keep one sorted set, the clock: the moment
 * of each tag's last invalidation, and under the empty name the moment since when all of them are known. Moments are
 * counted, from the microseconds of Redis's own time when the clock was made, so that a clock made anew after a flush
 * is ahead of every ticket given before. As `TaggedCache` does: what was begun before an invalidation of one of its
 * tags, or before invalidations were forgotten, is not kept and not given.
 */
const clockOf = `
local clock = KEYS[1]
local function text(moment) return string.format('%.0f', moment) end
local function present()
  local newest = redis.call('ZREVRANGE', clock, 0, 0, 'WITHSCORES')
  if newest[2] then return tonumber(newest[2]) end
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  redis.call('ZADD', clock, text(now), '')
  redis.call('EXPIRE', clock, 86400)
  return now
end
local function outdated(begun, tags)
  local known = redis.call('ZSCORE', clock, '')
  if not known or tonumber(known) > begun then return true end
  for tag in string.gmatch(tags, '[^\\n]+') do
    local at = redis.call('ZSCORE', clock, tag)
    if at and tonumber(at) > begun then return true end
  end
  return false
end
`

/** Keys: clock, entry. Answers the present moment and, where there is a sound entry, its tags, text and time left. */
export const readScript = `${clockOf}
local now = text(present())
local entry = redis.call('HMGET', KEYS[2], 'begun', 'tags', 'text')
if not entry[1] or outdated(tonumber(entry[1]), entry[2]) then return { now } end
return { now, entry[2], entry[3], redis.call('PTTL', KEYS[2]) }
`

/**
 * Keys: clock, entry, then the set of each tag's entries. Arguments: ticket, tags, text, milliseconds, and the longest
 * any entry lives. The sets hold when each entry ends, so that what has ended leaves them.
 */
export const writeScript = `${clockOf}
if outdated(tonumber(ARGV[1]), ARGV[2]) then return 0 end
redis.call('HSET', KEYS[2], 'begun', ARGV[1], 'tags', ARGV[2], 'text', ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
for i = 3, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', text(now))
  redis.call('ZADD', KEYS[i], text(now + tonumber(ARGV[4])), KEYS[2])
  redis.call('PEXPIRE', KEYS[i], ARGV[5])
end
return 1
`

/**
 * Keys: clock, then the set of each tag's entries. Arguments: channel, message (empty: none), how many tags the clock
 * holds at most, and the tags. Deletes first: a full Redis still deletes. When it cannot note the moment, it forgets
 * the clock, and with it all that was begun so far.
 */
export const invalidateScript = `${clockOf}
for i = 2, #KEYS do
  for _, entry in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do redis.call('DEL', entry) end
  redis.call('DEL', KEYS[i])
end
local function note()
  local now = text(present() + 1)
  for i = 4, #ARGV do
    local noted = redis.pcall('ZADD', clock, now, ARGV[i])
    if type(noted) == 'table' and noted.err then return false end
  end
  redis.call('EXPIRE', clock, 86400)
  local most = tonumber(ARGV[3])
  local spare = redis.call('ZCARD', clock) - most
  if spare > 0 then
    local last = spare + math.floor(most / 5) - 1
    local edge = redis.call('ZRANGE', clock, last, last, 'WITHSCORES')[2]
    redis.call('ZREMRANGEBYRANK', clock, 0, last)
    redis.call('ZADD', clock, edge, '')
  end
  return true
end
local fine, noted = pcall(note)
if not fine or not noted then redis.call('DEL', clock) end
if ARGV[2] ~= '' then redis.call('PUBLISH', ARGV[1], ARGV[2]) end
return 1
`
