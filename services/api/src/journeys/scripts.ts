/**
 * Lua, so that a journey and its indexes are one: no entry of an index without its journey, and no journey that the eviction would never find.
 *
 * Writes visits. KEYS: all, open, failed, then per visit: the journey, its tenant, its guest, and further indexes.
 * ARGV: channel and news, most entries per journey, how many of its first ones stay; then per visit: number of its keys, short id, first time, head, visit, what became of it.
 */
export const writeScript = `
local most, stay = tonumber(ARGV[3]), tonumber(ARGV[4])
local at, key = 5, 4
while at <= #ARGV do
  local count, id, time, became = tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2], ARGV[at + 5]
  local journey = KEYS[key]
  local isNew = redis.call('EXISTS', journey) == 0
  if isNew then
    redis.call('RPUSH', journey, ARGV[at + 3])
    redis.call('ZADD', KEYS[1], time, id)
    redis.call('ZADD', KEYS[key + 1], time, id)
    redis.call('ZADD', KEYS[key + 2], time, id)
  end
  local length = redis.call('RPUSH', journey, ARGV[at + 4])
  for index = key + 3, key + count - 1 do redis.call('ZADD', KEYS[index], 'NX', time, id) end
  if became == 'again' then redis.call('ZREM', KEYS[3], id) end
  if became == 'failed' then redis.call('ZADD', KEYS[3], 'NX', time, id) end
  if became == 'failed' or became == 'done' then redis.call('ZREM', KEYS[2], id)
  elseif isNew or became == 'again' then redis.call('ZADD', KEYS[2], 'NX', time, id) end
  if length > most then
    local gone = tonumber(string.match(redis.call('LINDEX', journey, stay), '^%[1,(%d+)%]$') or '')
    local victim = gone and stay + 1 or stay
    local hops = #cjson.decode(redis.call('LINDEX', journey, victim))[4]
    redis.call('LSET', journey, victim, '-')
    redis.call('LSET', journey, stay, '[1,' .. (gone or 0) + hops .. ']')
    if gone then redis.call('LREM', journey, 1, '-') end
  end
  at = at + 6
  key = key + count
end
return redis.call('PUBLISH', ARGV[1], ARGV[2])`

/** Removes one journey with all its entries of indexes, unless it has grown since it was read. KEYS: the journey, then its indexes. ARGV: short id, last entry when it was read. */
export const removeScript = `
local last = redis.call('LINDEX', KEYS[1], -1)
if last and last ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
for index = 2, #KEYS do redis.call('ZREM', KEYS[index], ARGV[1]) end
return 1`
