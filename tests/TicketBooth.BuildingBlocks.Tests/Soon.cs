namespace TicketBooth.BuildingBlocks.Tests;

/// <summary>For what happens on other threads: waits for it with a deadline, so that a hang is a failure.</summary>
internal static class Soon
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <param name="isSo">Asked again until it says yes.</param>
    /// <param name="what">For the message when it never does.</param>
    /// <param name="meanwhile">Done before every question, for example moving a clock.</param>
    public static Task Async(Func<bool> isSo, string what, Action? meanwhile = null) => Async(() => Task.FromResult(isSo()), what, meanwhile);

    /// <inheritdoc cref="Async(Func{bool}, string, Action)"/>
    public static async Task Async(Func<Task<bool>> isSo, string what, Action? meanwhile = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            meanwhile?.Invoke();
            if (await isSo())
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(start) > Deadline)
            {
                throw new TimeoutException("Waited for " + what);
            }

            await Task.Delay(5);
        }
    }

    public static Task WithinDeadlineAsync(this Task task) => task.WaitAsync(Deadline);

    public static Task<T> WithinDeadlineAsync<T>(this Task<T> task) => task.WaitAsync(Deadline);
}
