-- One operation on the log of one address, atomic because it is one script. All that is not in the keys is an argument.
--
-- KEYS  1 index     zset    all addresses
--       2 head      hash    epoch, top, terms ("1-OWNER@1 2-OWNER@57"), bytes
--       3 log       stream  <offset>-0: t term, a arrival, b bytes of JSON, e the event
--       4 keys      hash    id or idempotency key -> "term offset payloadHash arrival id"
--       5 order     zset    the same keys by offset
--       6 versions  hash    resource -> version
--       7 vorder    zset    the same resources by offset
-- ARGV  1 what to do, 2 the identity of the Redis that it is meant for
--       who:    tells the identity, and nothing else
--       probe:  tells whether an operation would be done
--       names:  3 from, 4 to, 5 how many, 6 how many to look at; forgets addresses whose log has ended
--       info:   reads a log and changes nothing
--       append, look: 3 address, 4 now, 5 owner, 6 fresh epoch, 7 most events, 8 most bytes, 9 most milliseconds, and
--       append: 10 rising (0 or 1), 11 how many, then for each: id, key, payload hash, resource, version, bytes, event
--       look:   10 after, recent or head, 11 an offset, 12 how many
-- Gives { 'done', ... }, or { 'another' } or { 'refused', why }, and then nothing was done.
local index, head, log, keys, order, versions, vorder = unpack(KEYS)
local mode = ARGV[1]

-- A Redis that follows another, that was restarted, or that followed another for a while may have lost what it had.
local function identity()
  local server, replication = redis.call('INFO', 'server'), redis.call('INFO', 'replication')
  local run = string.match(server, 'run_id:(%w+)')
  local role, history = string.match(replication, 'role:(%w+)'), string.match(replication, 'master_replid:(%w+)')
  return role .. ' ' .. run .. ' ' .. history
end

if mode == 'who' then return identity() end
if ARGV[2] ~= identity() then return { 'another' } end
-- Changes nothing, and fails if a write would: out of memory, out of disk, too few replicas.
local taken = redis.pcall('ZADD', index, 'XX', '0', '')
if type(taken) == 'table' and taken.err then return { 'refused', taken.err } end
if mode == 'probe' then return { 'done' } end

if mode == 'names' then
  local wanted, most = tonumber(ARGV[5]), tonumber(ARGV[6])
  local found = redis.call('ZRANGE', index, ARGV[3], ARGV[4], 'BYLEX', 'LIMIT', 0, most)
  local names, last = {}, ''
  for _, name in ipairs(found) do
    if #names == wanted then return { 'done', last, names } end
    last = name
    if redis.call('EXISTS', 'hub:{' .. name .. '}:head') == 1 then
      names[#names + 1] = name
    else
      redis.call('ZREM', index, name)
    end
  end
  return { 'done', #found < most and '' or last, names }
end

local epoch = redis.call('HGET', head, 'epoch')
if not epoch then
  if mode == 'info' then return { 'done' } end
  redis.call('DEL', log, keys, order, versions, vorder)
  epoch = ARGV[6]
  redis.call('HSET', head, 'epoch', epoch, 'top', '0', 'terms', '1-' .. ARGV[5] .. '@1', 'bytes', '0')
  redis.call('ZADD', index, 0, ARGV[3])
end

local function text(number) return string.format('%.0f', number) end

local top = tonumber(redis.call('HGET', head, 'top'))
local terms = redis.call('HGET', head, 'terms')
local count = redis.call('XLEN', log)
local bytes = count == 0 and 0 or tonumber(redis.call('HGET', head, 'bytes'))
local oldest = top + 1

if mode == 'info' then
  local entries = redis.call('XRANGE', log, '-', '+')
  if entries[1] then oldest = tonumber(string.match(entries[1][1], '^%d+')) end
  return { 'done', epoch, terms, text(top), text(oldest), text(bytes), entries }
end

local now, owner = tonumber(ARGV[4]), ARGV[5]
local maxEvents, maxBytes, maxAge = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local KEY_LIFE, EXTRA_KEYS, EXTRA_VERSIONS, KEPT_TERMS = 600000, 20000, 10000, 16
local LONGEST = 315360000000

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

-- Versions go up to 2^63, and are compared as text: a number of Lua's is exact up to 2^53 only.
local function isAbove(version, other)
  if #version ~= #other then return #version > #other end
  return version > other
end

local function append(id, key, hash, resource, version, size, event, rising)
  local record = redis.call('HGET', keys, key) or (key ~= id and redis.call('HGET', keys, id))
  if record then
    local term, offset, first, _, firstId = parse(record)
    if first ~= hash then return { 'other' } end
    return { 'known', term, text(offset), firstId }
  end
  if size > maxBytes then return { 'large' } end
  local hasVersion = string.sub(version, 1, 1) ~= '-'
  if rising and hasVersion then
    local current = redis.call('HGET', versions, resource)
    if current and not isAbove(version, current) then return { 'stale', current } end
  end
  local term = enter()
  top = top + 1
  count = count + 1
  bytes = bytes + size
  redis.call('XADD', log, text(top) .. '-0', 't', term, 'a', text(now), 'b', text(size), 'e', event)
  record = term .. ' ' .. text(top) .. ' ' .. hash .. ' ' .. text(now) .. ' ' .. id
  redis.call('HSET', keys, id, record, key, record)
  redis.call('ZADD', order, top, id, top, key)
  if hasVersion then
    redis.call('HSET', versions, resource, version)
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
  local rising = ARGV[10] == '1'
  for i = 0, tonumber(ARGV[11]) - 1 do
    local at = 12 + i * 7
    results[i + 1] = append(
      ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], tonumber(ARGV[at + 5]), ARGV[at + 6], rising)
  end
  forget()
  keep()
  return { 'done', epoch, results }
end

local entries = {}
if ARGV[10] == 'after' then
  entries = redis.call('XRANGE', log, text(tonumber(ARGV[11]) + 1) .. '-0', '+', 'COUNT', ARGV[12])
elseif ARGV[10] == 'recent' and tonumber(ARGV[12]) > 0 then
  entries = redis.call('XREVRANGE', log, '+', '-', 'COUNT', ARGV[12])
end
keep()
return { 'done', epoch, terms, text(top), text(oldest), text(bytes), entries }
