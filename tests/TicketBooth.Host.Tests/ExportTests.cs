using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>The verb <c>export</c>: everything leaves, while the office sells.</summary>
public sealed class ExportTests
{
    [Test]
    public async Task Everything_that_was_sold_is_in_it_while_a_host_serves()
    {
        await using var host = await TestHost.StartAsync();
        var admin = await TicketBoothApi.AdminAsync(host);
        var sale = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody()))["id"]!;
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        var paid = (string)(await buyer.OrderAsync(sale, 2))["id"]!;
        await buyer.PayAsync(paid);
        await buyer.WaitForOrderAsync(paid, "paid");
        var other = await buyer.OrderAsync(sale, 1);
        var (held, number) = ((string)other["id"]!, (string)other["number"]!);
        var code = (string)(await buyer.GetAsync($"/api/v1/orders/{paid}/tickets"))["items"]![0]!["code"]!;
        var folder = Path.Combine(host.Folder, "export");

        var (exitCode, output, errors) = await HostCommand.RunAsync(host.Folder, "export", folder);
        var again = await HostCommand.RunAsync(host.Folder, "export", folder);

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Contain("orders.jsonl"));
        Assert.That((again.ExitCode, again.Errors), Is.EqualTo((2, folder + " is not empty. Name a new folder." + Environment.NewLine)));
        Assert.Multiple(() =>
        {
            Assert.That(Values("events", "id"), Is.EqualTo(new[] { sale }));
            Assert.That(Lines("orders").Select(order => ((string)order["orderId"]!, (string)order["status"]!)), Is.EquivalentTo(new[] { (paid, "paid"), (held, "on_payment") }));
            Assert.That(Values("orders", "number"), Has.Some.EqualTo(number));
            Assert.That(Values("payments", "orderId"), Is.EqualTo(new[] { paid }));
            Assert.That(Lines("tickets").Select(ticket => ((string)ticket["orderId"]!, (bool)ticket["isValid"]!)), Is.EqualTo(new[] { (paid, true), (paid, true) }));
            Assert.That(Values("tickets", "code"), Has.Some.EqualTo(code));
            Assert.That(Values("accounts", "email"), Has.Some.EqualTo(TestUsers.AdminEmail));
            Assert.That(Lines("blocks").Concat(Lines("passages")), Is.Empty);
            Assert.That(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(folder, "accounts.jsonl")) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), "nobody else may read names");
        });

        IEnumerable<string?> Values(string file, string field) => Lines(file).Select(line => (string?)line[field]);

        List<JsonObject> Lines(string file) => [.. File.ReadLines(Path.Combine(folder, file + ".jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    [Test]
    public async Task What_a_module_has_that_is_switched_off_is_left_out_and_the_rest_is_there()
    {
        await using var host = await TestHost.StartAsync();
        var folder = Path.Combine(host.Folder, "export");

        var (exitCode, output, errors) = await HostCommand.RunAsync(
            host.Folder, "export", folder, "--Modules=Accounts,Events,Booking,Payments,Dashboard");

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Contain("tickets.jsonl: its module is not in the setting Modules"));
        Assert.That(
            Directory.GetFiles(folder).Select(Path.GetFileNameWithoutExtension),
            Is.EquivalentTo(new[] { "events", "orders", "payments", "blocks", "accounts" }));
    }

    [Test]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        await using var host = await TestHost.StartAsync();
        var file = Path.Combine(host.Folder, "file");
        await File.WriteAllTextAsync(file, "");
        var folder = Path.Combine(file, "export");

        var (exitCode, _, errors) = await HostCommand.RunAsync(host.Folder, "export", folder);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(errors, Does.StartWith($"The export {folder} cannot be written: "));
    }

    [Test]
    public async Task More_than_a_page_comes_once_and_whole()
    {
        await using var host = await TestHost.StartAsync();
        var admin = await TicketBoothApi.AdminAsync(host);
        var sale = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 1_200)))["id"]!;
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        var orders = await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ => (string)(await buyer.OrderAsync(sale, 10))["id"]!));
        await Task.WhenAll(orders.Select(async order =>
        {
            await buyer.PayAsync(order);
            await buyer.WaitForOrderAsync(order, "paid");
        }));
        var folder = Path.Combine(host.Folder, "export");
        await Eventually.Async(
            async () =>
            {
                Directory.Delete(Directory.CreateDirectory(folder).FullName, recursive: true);
                await HostCommand.RunAsync(host.Folder, "export", folder);
                return File.ReadLines(Path.Combine(folder, "tickets.jsonl")).Select(line => (string)JsonNode.Parse(line)!["ticketId"]!).ToList();
            },
            tickets => tickets.Count == 600 && tickets.Distinct(StringComparer.Ordinal).Count() == 600,
            "600 tickets, each once");

        Assert.That(File.ReadLines(Path.Combine(folder, "orders.jsonl")).Count(), Is.EqualTo(60));
    }
}
