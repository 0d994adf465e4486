namespace Dmm.Sinks.Redis;

/// <summary>What runs inside the server. A script runs whole, and nothing runs between; one that the server refuses has changed nothing.</summary>
internal static class RedisScripts
{
    // A cursor counts as long as the state it led to is there: one that was deleted or evicted is made again from the journal.
    private const string Functions = """
        local function place(key, ...)
            local found = redis.call('HMGET', key, ...)
            for i = 1, #found do
                if not found[i] then return '' end
            end
            return table.concat(found, ' ')
        end
        local function reached(cursor, state)
            if redis.call('EXISTS', state) == 0 then return '0 0 0' end
            local found = place(cursor, 'run', 'sequence', 'decision')
            return found == '' and '0 0 0' or found
        end
        """;

    /// <summary>KEYS cursor; ARGV prefix of state keys. Gives <c>run sequence decision</c>.</summary>
    public const string Position = Functions + """

        local asset = redis.call('HGET', KEYS[1], 'asset')
        if not asset then return '0 0 0' end
        return reached(KEYS[1], ARGV[1] .. '{' .. asset .. '}')
        """;

    /// <summary>KEYS cursor, state. Gives <c>run sequence decision</c>, then fields and values of the state.</summary>
    public const string Read = Functions + """

        local answer = redis.call('HGETALL', KEYS[2])
        table.insert(answer, 1, reached(KEYS[1], KEYS[2]))
        return answer
        """;

    /// <summary>
    /// KEYS cursor, state, recent fills, entries told, stream of fills, stream of parameters, assets. ARGV in the order in which <c>take</c> is
    /// called. Gives 1 when applied, 0 when cursor or state are no longer what was read.
    /// </summary>
    public const string Apply = Functions + """

        local types = {'hash', 'hash', 'list', 'zset', 'stream', 'stream', 'set'}
        for i = 1, #KEYS do
            local found = redis.call('TYPE', KEYS[i]).ok
            if found ~= 'none' and found ~= types[i] then
                return redis.error_reply('WRONGTYPE ' .. KEYS[i] .. ' is a ' .. found .. ', not a ' .. types[i])
            end
        end
        local at = 0
        local function take()
            at = at + 1
            return ARGV[at]
        end
        local function several()
            local list = {}
            for i = 1, tonumber(take()) do list[i] = take() end
            return list
        end
        if reached(KEYS[1], KEYS[2]) ~= take() then return 0 end
        if place(KEYS[2], 'journal', 'run', 'sequence', 'decision') ~= take() then return 0 end
        local asset, channel, recentMax, toldMax, fillsMax, parametersMax = take(), take(), take(), take(), take(), take()
        redis.call('HSET', KEYS[1], unpack(several()))
        if take() == '1' then redis.call('DEL', KEYS[2], KEYS[3]) end
        local state = several()
        if #state > 0 then redis.call('HSET', KEYS[2], unpack(state)) end
        redis.call('SADD', KEYS[7], asset)
        local isListed, told, count = take() == '1', {}, 0
        for i = 1, tonumber(take()) do
            local key, time, json, entry = take(), take(), take(), several()
            if redis.call('ZADD', KEYS[4], 'NX', time, key) == 1 then
                redis.call('XADD', KEYS[5], 'MAXLEN', '~', fillsMax, '*', unpack(entry))
                if isListed then redis.call('LPUSH', KEYS[3], json) end
                count = count + 1
                told[count] = json
            end
        end
        if count > 0 then redis.call('LTRIM', KEYS[3], 0, recentMax - 1) end
        for i = 1, tonumber(take()) do
            local key, time, entry = take(), take(), several()
            if redis.call('ZADD', KEYS[4], 'NX', time, key) == 1 then
                redis.call('XADD', KEYS[6], 'MAXLEN', '~', parametersMax, '*', unpack(entry))
            end
        end
        redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -1 - toldMax)
        local message = take()
        if message ~= '' or count > 0 then
            local last = {}
            for i = math.max(1, count - 15), count do last[#last + 1] = told[i] end
            redis.call('PUBLISH', channel, take() .. message .. '},"fillCount":' .. count .. ',"fills":[' .. table.concat(last, ',') .. ']}')
        end
        return 1
        """;
}
