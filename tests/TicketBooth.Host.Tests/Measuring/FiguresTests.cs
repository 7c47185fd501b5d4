using TicketBooth.LoadTests.Figures;
using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.Host.Tests.Measuring;

/// <summary>The arithmetic of the load tests: a figure that is wrong is worse than none.</summary>
public sealed class FiguresTests
{
    [Test]
    public void Of_a_hundred_requests_99_are_answered_within_p99()
    {
        var times = new Latencies(Enumerable.Range(1, 100).Reverse().Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)));
        Assert.Multiple(() =>
        {
            Assert.That(times.Within(0.99), Is.EqualTo(TimeSpan.FromMilliseconds(99)));
            Assert.That(times.Within(1), Is.EqualTo(times.Longest));
            Assert.That(times.Mean, Is.EqualTo(TimeSpan.FromMilliseconds(50.5)));
            Assert.That(new Latencies([]).Within(0.99), Is.EqualTo(TimeSpan.Zero));
        });
    }

    [Test]
    public void Followers_are_as_late_as_the_time_since_so_many_orders_were_placed()
    {
        var lag = new Lag();
        lag.Add(TimeSpan.Zero, placed: 0, followed: 0);
        lag.Add(TimeSpan.FromSeconds(1), placed: 1_000, followed: 500);
        lag.Add(TimeSpan.FromSeconds(2), placed: 2_000, followed: 800);
        lag.Add(TimeSpan.FromSeconds(3), placed: 2_000, followed: 2_000);
        Assert.Multiple(() =>
        {
            // The 800th order was placed at 0.8 s.
            Assert.That(lag.Longest, Is.EqualTo(TimeSpan.FromSeconds(1.2)).Within(TimeSpan.FromMilliseconds(1)));
            Assert.That(lag.MostOrders, Is.EqualTo(1_200));
        });
    }

    [Test]
    public void Followers_who_know_more_than_was_counted_are_not_late()
    {
        var lag = new Lag();
        lag.Add(TimeSpan.FromSeconds(1), placed: 10, followed: 12);
        Assert.That((lag.Longest, lag.MostOrders), Is.EqualTo((TimeSpan.Zero, 0L)));
    }

    [Test]
    public void A_process_name_may_hold_spaces_and_brackets()
    {
        var (name, used) = ProcessCpu.Parse("42 (a (b) c) S 1 1 1 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 33 0 1 2 3");
        Assert.That((name, used), Is.EqualTo(("a (b) c", TimeSpan.FromSeconds(2))));
    }

    [Test]
    public void Both_kinds_of_syncs_are_counted_and_a_refused_count_is_none()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Fsyncs.Sum("3,,syscalls:sys_enter_fsync,9,100.00,,\n4,,syscalls:sys_enter_fdatasync,9,100.00,,\n"), Is.EqualTo(7));
            Assert.That(Fsyncs.Sum("<not supported>,,syscalls:sys_enter_fsync,0,0.00,,\n"), Is.Null);
            Assert.That(Fsyncs.Sum("Error: No permission\n"), Is.Null);
        });
    }

    [Test]
    public void Metrics_are_summed_over_the_labels_that_are_asked_for()
    {
        var page = new MetricsPage(
            """
            # TYPE http_server_request_duration_seconds histogram
            http_server_request_duration_seconds_count{http_response_status_code="201",http_route="/api/v1/orders"} 5 1764350970000
            http_server_request_duration_seconds_count{http_response_status_code="409",http_route="/api/v1/orders"} 2 1764350970000
            ticketbooth_outbox_depth{outbox="booking-0001"} 3
            ticketbooth_outbox_depth{outbox="payments"} 4
            """
        );
        Assert.That((page.OrdersPlaced, page.MessagesWaiting), Is.EqualTo((5L, 7L)));
    }

    [Test]
    public void The_median_counts_and_stands_beside_its_target()
    {
        var report = new Report(
            "purchase",
            new Plan
            {
                Rounds = 4,
                Duration = TimeSpan.FromSeconds(1),
                Connections = 1,
                Seed = 1,
                Orders = 1,
                Events = 1,
                Minutes = 1,
            }
        );
        foreach (var value in (double[])[4, 1, 100, 6])
        {
            report.Add(Measures.SettledPerBare, Unit.Times, value);
        }

        Assert.That(
            report.ToTable(),
            Does.Contain("| CPU per settled order / bare route | 5.00 x | 1.00 x |   100 x |   19 x |  8 x | 5 x |")
        );
    }

    [Test]
    public void The_latest_result_of_a_commit_counts()
    {
        string[] lines =
        [
            """{"scenario":"mixed","commit":"a","figures":[{"name":"p99","unit":"ms","median":30}]}""",
            """{"scenario":"mixed","commit":"a","figures":[{"name":"p99","unit":"ms","median":20}]}""",
            """{"scenario":"mixed","commit":"b","figures":[{"name":"p99","unit":"ms","median":10}]}""",
        ];
        var medians = ResultsFile.Medians(lines, "a");
        Assert.That(medians.Single(), Has.Property("Key").EqualTo(("mixed", "p99")).And.Property("Value").Property("Median").EqualTo(20));
    }

    [Test]
    public void A_table_of_results_replaces_the_former_one()
    {
        const string Page = "before\n<!-- bench:a -->\nold\n<!-- /bench:a -->\nafter";
        Assert.Multiple(() =>
        {
            Assert.That(
                PerformancePage.Replace(Page, "a", "new"),
                Is.EqualTo("before\n<!-- bench:a -->\n\nnew\n\n<!-- /bench:a -->\nafter")
            );
            Assert.That(() => PerformancePage.Replace(Page, "b", "new"), Throws.InvalidOperationException);
        });
    }
}
