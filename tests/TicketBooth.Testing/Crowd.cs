namespace TicketBooth.Testing;

/// <summary>
/// Many callers of one thing, some at once: who waits for a connection, or for a row, longer than a request may on a busy machine is told
/// so, and that says nothing about a race.
/// </summary>
public static class Crowd
{
    private const int AtOnce = 16;

    /// <param name="callers">How many.</param>
    /// <param name="callAsync">What each of them does, by its number from 0.</param>
    /// <returns>What they were told.</returns>
    public static async Task<T[]> CallAsync<T>(int callers, Func<int, Task<T>> callAsync)
    {
        using var places = new SemaphoreSlim(AtOnce);
        return await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => EnterAsync(caller))));

        async Task<T> EnterAsync(int caller)
        {
            await places.WaitAsync();
            try
            {
                return await callAsync(caller);
            }
            finally
            {
                places.Release();
            }
        }
    }
}
