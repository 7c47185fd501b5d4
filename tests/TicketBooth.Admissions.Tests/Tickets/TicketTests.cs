using System.Diagnostics;
using System.Text.Json.Nodes;
using TicketBooth.Admissions.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using ZXing;
using ZXing.Common;

namespace TicketBooth.Admissions.Tests.Tickets;

[TestFixture]
internal sealed class TicketTests
{
    // A phone moves, so it sees a code at many sizes; at one size alone ZXing misses one code in sixty.
    private static readonly int[] Resolutions = [150, 144, 180, 120, 220, 300];

    private AdmissionsHost host = null!;

    [OneTimeSetUp]
    public async Task Start() =>
        host = await AdmissionsHost.StartAsync(
            [("House:Name", "Cassino Imperial"), ("House:TaxId", "CNPJ 12.345.678/0001-90"), ("House:Address", "Av. Atlântica 1, Rio de Janeiro"), ("House:TicketNotice", "Alvará 4711.")]);

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Shows_tickets_to_their_buyer_and_staff_and_nobody_else()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1, 2);
        using var buyer = host.ClientOf(order.BuyerId);
        using var clerk = host.ClientOf(Guid.CreateVersion7(), Roles.Clerk);
        using var other = host.ClientOf(Guid.CreateVersion7());
        using var stranger = host.Stranger();
        var path = $"/api/v1/orders/{order.OrderId}/tickets";

        var (status, body) = await AdmissionsHost.AskAsync(buyer, HttpMethod.Get, path);

        Assert.That((status, body!["items"]!.AsArray().Count, (string?)body["items"]![0]!["status"]), Is.EqualTo((200, 2, "valid")));
        Assert.That((await AdmissionsHost.AskAsync(clerk, HttpMethod.Get, path)).Body!.ToJsonString(), Is.EqualTo(body.ToJsonString()), "codes are signed once");
        Assert.That(
            ((await AdmissionsHost.AskAsync(other, HttpMethod.Get, path)).Status, (await AdmissionsHost.AskAsync(stranger, HttpMethod.Get, path)).Status), Is.EqualTo((404, 401)));
    }

    [Test]
    public async Task A_paid_order_has_its_tickets_before_the_message_comes_and_one_that_is_not_paid_has_none()
    {
        var show = host.NewEvent();
        var paid = host.NewOrder(show, 1);
        var waiting = host.NewOrder(show, 2);
        host.Neighbours.Orders[waiting.OrderId] = waiting with { Status = Booking.Contracts.OrderStatus.OnPayment };

        var codes = await host.CodesAsync(paid);
        await host.TellAsync(AdmissionsHost.PaidMessage(paid));

        Assert.That(await host.CodesAsync(paid), Is.EqualTo(codes));
        Assert.That(await host.CodesAsync(waiting), Is.Empty);
    }

    [Test]
    public async Task A_link_opens_one_order_until_it_expires()
    {
        var show = host.NewEvent();
        var (order, other) = (await host.PaidAsync(show, 1), await host.PaidAsync(show, 2));
        var link = (await host.SendAsync(new GetTicketsLink(order.OrderId))).Value;
        using var stranger = host.Stranger();
        var query = link.Pdf[link.Pdf.IndexOf('?', StringComparison.Ordinal)..];

        Assert.That((await LoadAsync(stranger, link.Pdf)).Status, Is.EqualTo(200));
        Assert.That((await LoadAsync(stranger, link.Calendar)).Text, Does.Contain("SUMMARY:Noite de Gala"));
        Assert.That((await AdmissionsHost.AskAsync(stranger, HttpMethod.Get, $"/api/v1/orders/{order.OrderId}/tickets{query}")).Status, Is.EqualTo(200));
        Assert.That((await LoadAsync(stranger, $"/api/v1/orders/{other.OrderId}/tickets.pdf{query}")).Status, Is.EqualTo(403));
        Assert.That((await LoadAsync(stranger, link.Pdf + "A")).Status, Is.EqualTo(403));
        host.Clock.Move(TimeSpan.FromDays(91));
        Assert.That((await LoadAsync(stranger, link.Pdf)).Status, Is.EqualTo(403));
        host.Clock.Move(-TimeSpan.FromDays(91));
    }

    [Test]
    public async Task The_holder_is_named_until_the_ticket_is_used_and_a_ticket_gets_a_new_code()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1);
        var former = (await host.CodesAsync(order))[1];
        using var buyer = host.ClientOf(order.BuyerId);
        using var door = host.Door();
        var path = $"/api/v1/orders/{order.OrderId}/tickets/{order.Tickets[0].Id}";

        var named = await AdmissionsHost.AskAsync(buyer, HttpMethod.Put, path + "/holder", new JsonObject { ["name"] = " Ana Souza " });
        var reissued = await AdmissionsHost.AskAsync(buyer, HttpMethod.Post, path + "/reissue");

        Assert.That((named.Status, (string?)named.Body!["holderName"], (string?)named.Body["code"]), Is.EqualTo((200, "Ana Souza", former)));
        Assert.That((reissued.Status, (string?)reissued.Body!["holderName"]), Is.EqualTo((200, "Ana Souza")));
        Assert.That(await AdmissionsHost.OutcomeAsync(door, former), Is.EqualTo("void"));
        Assert.That(await AdmissionsHost.OutcomeAsync(door, (string)reissued.Body["code"]!), Is.EqualTo("admitted"));
        var late = await AdmissionsHost.AskAsync(buyer, HttpMethod.Put, path + "/holder", new JsonObject { ["name"] = "Bia" });
        Assert.That((late.Status, (string?)late.Body!["code"]), Is.EqualTo((409, "ticket-checked-in")));
        Assert.That((await AdmissionsHost.AskAsync(buyer, HttpMethod.Post, path + "/reissue")).Status, Is.EqualTo(409));
        var (_, list) = await AdmissionsHost.AskAsync(buyer, HttpMethod.Get, $"/api/v1/orders/{order.OrderId}/tickets");
        Assert.That((string?)list!["items"]![0]!["status"], Is.EqualTo("checked_in"));
    }

    [Test]
    public async Task A_refunded_ticket_is_void_and_is_not_printed()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1);
        await host.RefundedAsync(order);
        using var buyer = host.ClientOf(order.BuyerId);

        var (_, list) = await AdmissionsHost.AskAsync(buyer, HttpMethod.Get, $"/api/v1/orders/{order.OrderId}/tickets");
        var (status, problem) = await AdmissionsHost.AskAsync(buyer, HttpMethod.Get, $"/api/v1/orders/{order.OrderId}/tickets.pdf");

        Assert.That(((string?)list!["items"]![0]!["status"], (string?)list["items"]![0]!["code"]), Is.EqualTo(("void", (string?)null)));
        Assert.That((status, (string?)problem!["code"]), Is.EqualTo((409, "tickets-not-issued")));
    }

    [Test]
    public async Task The_page_is_legible_and_its_code_is_read_from_the_picture()
    {
        var order = await host.PaidAsync(host.NewEvent(), 7, 8);
        var codes = await host.CodesAsync(order);
        var pdf = (await host.SendAsync(new GetTicketsPdf(order.OrderId, "pt-BR"))).Value;
        var folder = Directory.CreateTempSubdirectory("ticketbooth-pdf-");
        try
        {
            var file = Path.Combine(folder.FullName, pdf.FileName);
            await File.WriteAllBytesAsync(file, pdf.Content);

            var text = await RunAsync("pdftotext", "-layout", file, "-");
            Assert.That(text.Count(letter => letter == '\f'), Is.EqualTo(2), "a page for each ticket");
            text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            foreach (var part in new[]
            {
                "Cassino Imperial", "Noite de Gala: Roberta Nunes & Orquestra", "Grand Theatre", "Stalls", "R$ 420,00", "com todos os tributos", SpokenId.Of(order.OrderId), "CNPJ 12.345.678/0001-90",
                "Av. Atlântica 1", "Alvará 4711.", "domingo, 1 de março de 2026,", "18:00 (UTC-03:00)",
            })
            {
                Assert.That(text, Does.Contain(part));
            }

            var printed = new[] { await ReadAsync(file, 1), await ReadAsync(file, 2) };
            Assert.That(printed.Select(code => code.Text), Is.EqualTo(new[] { codes[7], codes[8] }));
            Assert.That(printed.Select(code => code.Module), Is.All.InRange(1.03, 1.09), "a phone reads 1.06 mm from an arm's length");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task One_ticket_is_loaded_by_itself_in_the_language_of_the_client()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1, 2);
        using var buyer = host.ClientOf(order.BuyerId);

        using var response = await buyer.GetAsync($"/api/v1/orders/{order.OrderId}/tickets/{order.Tickets[1].Id}.pdf");

        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/pdf"));
        Assert.That(response.Content.Headers.ContentDisposition!.FileName, Is.EqualTo($"tickets-{SpokenId.Of(order.OrderId)}.pdf"));
        Assert.That((await LoadAsync(buyer, $"/api/v1/orders/{order.OrderId}/tickets/{Guid.CreateVersion7()}.pdf")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Words_on_a_ticket_are_in_a_language_that_there_is() =>
        Assert.That((await host.SendAsync(new GetTicketsPdf(Guid.CreateVersion7(), "de"))).Error!.Code, Is.EqualTo("validation-failed"));

    private static async Task<(string? Text, double Module)> ReadAsync(string pdf, int page)
    {
        foreach (var dpi in Resolutions)
        {
            var picture = Path.ChangeExtension(pdf, $"{page}-{dpi}");
            await RunAsync("pdftoppm", "-r", $"{dpi}", "-f", $"{page}", "-l", $"{page}", "-singlefile", "-gray", pdf, picture);
            if (Decode(ImageOf(picture + ".pgm")) is { } code)
            {
                return (code.Text, ModuleInMillimetres(code, dpi));
            }
        }

        return (null, 0);
    }

    /// <summary>The width of a square of the code on paper: its finder patterns are 34 modules from one another in a code of version 6.</summary>
    private static double ModuleInMillimetres(ZXing.Result code, int dpi)
    {
        const int Between = 41 - 7;
        var corners = code.ResultPoints;
        var pixels = Math.Sqrt(Math.Pow(corners[2].X - corners[1].X, 2) + Math.Pow(corners[2].Y - corners[1].Y, 2));
        return pixels / Between / dpi * 25.4;
    }

    private static ZXing.Result? Decode(RGBLuminanceSource image) => new MultiFormatReader().decode(new BinaryBitmap(new HybridBinarizer(image)));

    private static RGBLuminanceSource ImageOf(string file)
    {
        // A binary PGM: "P5", width, height, 255, and a byte for each pixel.
        var bytes = File.ReadAllBytes(file);
        var (numbers, at) = (new List<int>(), 2);
        while (numbers.Count < 3)
        {
            while (char.IsWhiteSpace((char)bytes[at]))
            {
                at++;
            }

            var number = 0;
            for (; char.IsAsciiDigit((char)bytes[at]); at++)
            {
                number = (number * 10) + bytes[at] - '0';
            }

            numbers.Add(number);
        }

        return new RGBLuminanceSource(bytes[(at + 1)..], numbers[0], numbers[1], RGBLuminanceSource.BitmapFormat.Gray8);
    }

    private static async Task<(int Status, string Text)> LoadAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, program);
        return text;
    }
}
