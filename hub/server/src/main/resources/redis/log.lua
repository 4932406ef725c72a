-- One operation on the log of one address, atomic because it is one script. All that is not in the keys is an argument.
--
-- KEYS  1 head      hash    epoch, top, terms ("1-OWNER@1 2-OWNER@57"), bytes
--       2 log       stream  <offset>-0: t term, a arrival, b bytes of JSON, e the event
--       3 keys      hash    id or idempotency key -> "term offset payloadHash arrival id"
--       4 order     zset    the same keys by offset
--       5 versions  hash    resource -> version
--       6 vorder    zset    the same resources by offset
--       7 index     zset    all addresses
-- ARGV  1 append or look, 2 address, 3 now, 4 owner, 5 fresh epoch, 6 most events, 7 most bytes, 8 most milliseconds,
--       append: 9 rising (0 or 1), 10 how many, then for each: id, key, payload hash, resource, version, bytes, event
--       look:   9 after, recent or head, 10 an offset, 11 how many
local head, log, keys, order, versions, vorder, index = unpack(KEYS)
local mode, address, now, owner, fresh = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local maxEvents, maxBytes, maxAge = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local KEY_LIFE, EXTRA_KEYS, EXTRA_VERSIONS, KEPT_TERMS = 600000, 20000, 10000, 16
local LONGEST = 315360000000

local function text(number) return string.format('%.0f', number) end

local epoch = redis.call('HGET', head, 'epoch')
if not epoch then
  redis.call('DEL', log, keys, order, versions, vorder)
  epoch = fresh
  redis.call('HSET', head, 'epoch', epoch, 'top', '0', 'terms', '1-' .. owner .. '@1', 'bytes', '0')
  redis.call('ZADD', index, 0, address)
end
local top = tonumber(redis.call('HGET', head, 'top'))
local terms = redis.call('HGET', head, 'terms')
local count = redis.call('XLEN', log)
local bytes = count == 0 and 0 or tonumber(redis.call('HGET', head, 'bytes'))
local oldest = top + 1

-- Drops what the policy does not let the log keep, oldest first.
local function trim()
  while true do
    local first = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
    if not first then
      oldest = top + 1
      break
    end
    oldest = tonumber(string.match(first[1], '^%d+'))
    local fields = first[2]
    if count <= maxEvents and bytes <= maxBytes and now - tonumber(fields[4]) <= maxAge then break end
    redis.call('XTRIM', log, 'MINID', '=', text(oldest + 1) .. '-0')
    count = count - 1
    bytes = bytes - tonumber(fields[6])
  end
end

local function parse(record)
  local term, offset, hash, arrival, id = string.match(record, '^(%S+) (%S+) (%S+) (%S+) (.*)$')
  return term, tonumber(offset), hash, tonumber(arrival), id
end

-- Forgets keys that need not be recognised any more, oldest first.
local function forget()
  local left = redis.call('ZCARD', order)
  while left > 0 do
    local key = redis.call('ZRANGE', order, 0, 0)[1]
    local record = redis.call('HGET', keys, key)
    if record then
      local _, offset, _, arrival = parse(record)
      local old = offset < oldest and now - arrival >= KEY_LIFE
      if not old and left <= 2 * maxEvents + EXTRA_KEYS then break end
    end
    redis.call('HDEL', keys, key)
    redis.call('ZREM', order, key)
    left = left - 1
  end
  local resources = redis.call('ZCARD', vorder)
  while resources > count + EXTRA_VERSIONS do
    local resource = redis.call('ZPOPMIN', vorder)
    redis.call('HDEL', versions, resource[1])
    resources = resources - 1
  end
end

-- Begins a new term if somebody else appended last; returns the current term.
local function enter()
  local number, last = string.match(terms, '(%d+)%-(%w+)@%d+$')
  if last ~= owner then
    number = text(tonumber(number) + 1)
    terms = terms .. ' ' .. number .. '-' .. owner .. '@' .. text(top + 1)
    local _, spaces = string.gsub(terms, ' ', ' ')
    if spaces >= KEPT_TERMS then terms = string.match(terms, '^%S+ (.*)$') end
  end
  return number .. '-' .. owner
end

local function append(id, key, hash, resource, version, size, event, rising)
  local record = redis.call('HGET', keys, key) or (key ~= id and redis.call('HGET', keys, id))
  if record then
    local term, offset, first, _, firstId = parse(record)
    if first ~= hash then return { 'other' } end
    return { 'known', term, text(offset), firstId }
  end
  if size > maxBytes then return { 'large' } end
  local current = tonumber(redis.call('HGET', versions, resource) or '-1')
  if rising and version >= 0 and version <= current then return { 'stale', text(current) } end
  local term = enter()
  top = top + 1
  count = count + 1
  bytes = bytes + size
  redis.call('XADD', log, text(top) .. '-0', 't', term, 'a', text(now), 'b', text(size), 'e', event)
  record = term .. ' ' .. text(top) .. ' ' .. hash .. ' ' .. text(now) .. ' ' .. id
  redis.call('HSET', keys, id, record, key, record)
  redis.call('ZADD', order, top, id, top, key)
  if version >= 0 then
    redis.call('HSET', versions, resource, text(version))
    redis.call('ZADD', vorder, top, resource)
  end
  trim()
  return { 'added', term, text(top), id }
end

-- The head outlives the events ten times, so that an address that is quiet for a while keeps its epoch.
local function keep()
  redis.call('HSET', head, 'top', text(top), 'terms', terms, 'bytes', text(bytes))
  local life = math.max(maxAge, KEY_LIFE / 10)
  local function expire(key, millis) redis.call('PEXPIRE', key, text(math.min(millis, LONGEST))) end
  expire(head, math.max(life * 11, KEY_LIFE * 2))
  expire(versions, math.max(life * 11, KEY_LIFE * 2))
  expire(vorder, math.max(life * 11, KEY_LIFE * 2))
  if mode == 'append' then
    expire(log, math.max(maxAge + 1000, 1000))
    expire(keys, math.max(maxAge, KEY_LIFE) + 1000)
    expire(order, math.max(maxAge, KEY_LIFE) + 1000)
  end
end

trim()
forget()
if mode == 'append' then
  local results = {}
  local rising = ARGV[9] == '1'
  for i = 0, tonumber(ARGV[10]) - 1 do
    local at = 11 + i * 7
    results[i + 1] = append(
      ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5]), ARGV[at + 6],
      rising)
  end
  forget()
  keep()
  return { epoch, results }
end

local entries = {}
if ARGV[9] == 'after' then
  entries = redis.call('XRANGE', log, text(tonumber(ARGV[10]) + 1) .. '-0', '+', 'COUNT', ARGV[11])
elseif ARGV[9] == 'recent' and tonumber(ARGV[11]) > 0 then
  entries = redis.call('XREVRANGE', log, '+', '-', 'COUNT', ARGV[11])
end
keep()
return { epoch, terms, text(top), text(oldest), text(count), text(bytes), entries }
