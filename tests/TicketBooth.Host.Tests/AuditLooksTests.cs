using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Host.Auditing;

namespace TicketBooth.Host.Tests;

[TestFixture]
internal sealed class AuditLooksTests
{
    [TestCase("", "", 1, TestName = "Nothing_is_found_and_nobody_looks_again")]
    [TestCase("moved,wrong wrong,later wrong,later", "wrong", 3, TestName = "What_moves_meanwhile_is_no_violation")]
    [TestCase("1-sold 2-sold", "", 2, TestName = "What_is_found_in_other_words_is_no_violation")]
    [TestCase("wrong wrong", "wrong", 2, TestName = "What_stays_is_a_violation")]
    public async Task Looks_again(string looks, string lasting, int count)
    {
        var (reports, looked) = (looks.Split(' '), 0);
        Task<InvariantReport> CheckAsync()
        {
            var report = new InvariantReport();
            foreach (var text in reports[looked++].Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                report.Violation("I1", text);
            }

            return Task.FromResult(report);
        }

        var found = await new AuditLooks(CheckAsync, TimeSpan.FromMilliseconds(1), patience: TimeSpan.Zero, TimeProvider.System).LastingAsync();

        Assert.That((string.Join(',', found.Lasting.Select(one => one.Text)), looked), Is.EqualTo((lasting, count)));
    }
}
