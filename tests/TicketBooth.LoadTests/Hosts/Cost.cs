using TicketBooth.LoadTests.Figures;
using TicketBooth.LoadTests.Loads;

namespace TicketBooth.LoadTests.Hosts;

/// <summary>What a load of one kind of request cost a process.</summary>
/// <param name="Load">As wrk saw it.</param>
/// <param name="Cpu">What the process used of the cores meanwhile.</param>
internal sealed record Cost(WrkResult Load, TimeSpan Cpu)
{
    public double MicrosecondsPerRequest => Cpu.TotalMicroseconds / Load.Requests;

    public static async Task<Cost> OfAsync(ProcessCpu cpu, Func<Task<WrkResult>> load)
    {
        var before = cpu.Used;
        var result = await load();
        return new Cost(result, cpu.Used - before);
    }
}
