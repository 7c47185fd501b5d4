using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>Section <c>House</c>: who sells the tickets, as it is printed on what buyers get.</summary>
public sealed class HouseOptions
{
    [Required]
    [StringLength(60)]
    public string Name { get; set; } = "TicketBooth";

    /// <summary>The sender of mails, where answers go.</summary>
    [EmailAddress]
    public string Email { get; set; } = "tickets@localhost";

    /// <summary>The address of this installation for browsers, without a path; null when mails lead nowhere.</summary>
    [Url]
    public string? Url { get; set; }

    /// <summary>A PNG or JPEG file for the head of tickets and mails; its name alone when there is none.</summary>
    [ExistingFile]
    public string? Logo { get; set; }

    /// <summary>The number that the tax office knows the house by: a CNPJ in Brazil.</summary>
    [StringLength(40)]
    public string? TaxId { get; set; }

    [StringLength(120)]
    public string? Address { get; set; }

    /// <summary>What the law of the place wants on a ticket besides: licences of the venue, rules of half price, ages.</summary>
    [StringLength(600)]
    public string? TicketNotice { get; set; }

    /// <summary>The IANA name of the time zone in which times are printed.</summary>
    [Required]
    [TimeZone]
    public string TimeZone { get; set; } = "America/Sao_Paulo";

    /// <summary>A time as it is printed: in the house's zone, which it names.</summary>
    public string TimeOf(DateTimeOffset at, string format, CultureInfo culture)
    {
        var local = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(TimeZone));
        return $"{local.ToString(format, culture)} (UTC{local.ToString("zzz", culture)})";
    }

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class TimeZoneAttribute() : ValidationAttribute("There is no time zone of this name; America/Sao_Paulo is one.")
    {
        public override bool IsValid(object? value) =>
            value is not string { Length: > 0 } name || TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);
    }

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class ExistingFileAttribute() : ValidationAttribute("There is no such file.")
    {
        public override bool IsValid(object? value) => value is not string { Length: > 0 } file || File.Exists(file);
    }
}
