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
