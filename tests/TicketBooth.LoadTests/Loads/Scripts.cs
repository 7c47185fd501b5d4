namespace TicketBooth.LoadTests.Loads;

/// <summary>What wrk asks, in its Lua.</summary>
internal static class Scripts
{
    /// <summary>Each request orders one ticket, best available. Buyers and events take turns, so that no event is sold out early.</summary>
    public static string Orders(IEnumerable<string> tokens, IEnumerable<string> events) =>
        $$"""
            {{Headers(tokens)}}
            local events = { {{List(events)}} }
            request = function()
              n = n + 1
              local body = '{"eventId":"' .. events[math.floor(n / 100) % #events + 1] .. '","quantity":1}'
              return wrk.format('POST', '/api/v1/orders', headers[n % #headers + 1], body)
            end
            """;

    /// <summary>Each request orders this ticket.</summary>
    public static string OrdersOf(string ticketId, IEnumerable<string> tokens) =>
        $$"""
            {{Headers(tokens)}}
            request = function()
              n = n + 1
              return wrk.format('POST', '/api/v1/orders', headers[n % #headers + 1], '{"ticketIds":["{{ticketId}}"]}')
            end
            """;

    /// <summary>Requests of an address by buyers in turn.</summary>
    public static string Get(string path, IEnumerable<string> tokens) =>
        $$"""
            {{Headers(tokens)}}
            request = function()
              n = n + 1
              return wrk.format('GET', '{{path}}', headers[n % #headers + 1])
            end
            """;

    /// <summary>Requests of addresses in turn, by nobody in particular.</summary>
    public static string Get(IEnumerable<string> paths) =>
        $$"""
            local paths = { {{List(paths)}} }
            local n = 0
            request = function()
              n = n + 1
              return wrk.format('GET', paths[n % #paths + 1])
            end
            """;

    /// <summary>
    /// Each request scans a code, each code once: the threads take turns at the codes, and begin again when there are no more.
    /// </summary>
    /// <param name="file">A code a line.</param>
    /// <param name="token">Of a member of staff.</param>
    /// <param name="round">Another one makes other scans of the same codes.</param>
    /// <param name="count">How many of the codes, from the first on; 0 for all.</param>
    public static string CheckIns(string file, string token, int round, int count = 0) =>
        $$"""
            local started = 0
            setup = function(thread)
              thread:set('id', started)
              started = started + 1
            end
            local headers = { ['Authorization'] = 'Bearer {{token}}', ['Content-Type'] = 'application/json' }
            local codes = {}
            for line in io.lines('{{file}}') do
              if {{count}} == 0 or #codes < {{count}} then codes[#codes + 1] = line end
            end
            local n
            request = function()
              -- The first thread is asked for a request that is looked at and not sent.
              n = n or (id == 0 and -1 or 0)
              local at = 2 * n + id
              n = n + 1
              local scan = string.format('%08x-0000-7000-8000-%04x%08x', {{round}}, id, n)
              local body = '{"code":"' .. codes[at % #codes + 1] .. '","scanId":"' .. scan .. '"}'
              return wrk.format('POST', '/api/v1/checkins', headers, body)
            end
            """;

    private static string Headers(IEnumerable<string> tokens) =>
        $$"""
            local n = 0
            local headers = {}
            for i, token in ipairs({ {{List(tokens)}} }) do
              headers[i] = { ['Authorization'] = 'Bearer ' .. token, ['Content-Type'] = 'application/json' }
            end
            """;

    private static string List(IEnumerable<string> texts) => string.Join(", ", texts.Select(text => $"'{text}'"));
}
