using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests.Modules;

public sealed class SettingsExtensionsTests
{
    [Test]
    public void A_setting_that_makes_no_sense_stops_the_start_with_its_name()
    {
        using var host = Compose(("Wardrobe:Hooks", "0"), ("Wardrobe:Owner", "Ana"));

        Assert.That(() => host.StartAsync(), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("Wardrobe:Hooks: "));
    }

    [Test]
    public void Every_wrong_setting_is_named_at_once()
    {
        using var host = Compose(("Wardrobe:Hooks", "1001"));

        Assert.That(() => host.StartAsync(), Throws.InstanceOf<OptionsValidationException>()
            .With.Message.Contains("Wardrobe:Hooks: ").And.Message.Contains("Wardrobe:Owner: "));
    }

    [Test]
    public void A_setting_of_the_wrong_type_stops_the_start_with_its_name()
    {
        using var host = Compose(("Wardrobe:Hooks", "many"), ("Wardrobe:Owner", "Ana"));

        Assert.That(() => host.StartAsync(), Throws.Exception.With.Message.Contains("Wardrobe:Hooks"));
    }

    [Test]
    public async Task Sensible_settings_are_bound()
    {
        using var host = Compose(("Wardrobe:Hooks", "12"), ("Wardrobe:Owner", "Ana"));

        await host.StartAsync();

        Assert.That(host.Services.GetRequiredService<IOptions<Wardrobe>>().Value, Has.Property("Hooks").EqualTo(12).And.Property("Owner").EqualTo("Ana"));
        await host.StopAsync();
    }

    private static IHost Compose(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
        builder.Services.AddSettings<Wardrobe>("Wardrobe");
        return builder.Build();
    }

    private sealed class Wardrobe
    {
        [System.ComponentModel.DataAnnotations.Range(1, 1_000)]
        public int Hooks { get; set; } = 100;

        [Required]
        public string? Owner { get; set; }
    }
}
