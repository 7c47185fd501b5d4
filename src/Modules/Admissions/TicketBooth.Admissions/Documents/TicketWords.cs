using System.Globalization;

namespace TicketBooth.Admissions.Documents;

/// <summary>The words on a ticket, in one language.</summary>
internal sealed record TicketWords(
    CultureInfo Culture,
    string DateFormat,
    string DayFormat,
    string Title,
    string FileName,
    string When,
    string Where,
    string Tier,
    string Number,
    string Holder,
    string NoHolder,
    string Price,
    string PriceNote,
    string Order,
    string Opens,
    string ShowCode,
    string OneEntry,
    string TypedCode,
    string SoldBy,
    string Sheet
)
{
    public const string Portuguese = "pt-BR";
    public const string English = "en";

    private static readonly TicketWords InEnglish = new(
        CultureInfo.GetCultureInfo("en-GB"),
        "dddd, d MMMM yyyy, HH:mm",
        "d MMMM, HH:mm",
        "Ticket",
        "tickets",
        "Date and time",
        "Venue",
        "Tier",
        "Ticket no.",
        "Holder",
        "Whoever shows this ticket",
        "Price paid",
        "Total price, all taxes and fees included.",
        "Order",
        "Doors open at {0}",
        "Show this code at the door, on paper or on your phone.",
        "It opens the door once. Keep it to yourself: a copy opens it, too.",
        "If the code cannot be read, staff find the ticket by order or name.",
        "Sold by",
        "Ticket {0} of {1}"
    );

    private static readonly TicketWords InPortuguese = new(
        CultureInfo.GetCultureInfo("pt-BR"),
        "dddd, d 'de' MMMM 'de' yyyy, HH:mm",
        "d 'de' MMMM, HH:mm",
        "Ingresso",
        "ingressos",
        "Data e hora",
        "Local",
        "Setor",
        "Ingresso nº",
        "Titular",
        "Quem apresentar este ingresso",
        "Preço pago",
        "Preço total, com todos os tributos e taxas (Lei 12.741/2012).",
        "Pedido",
        "Portas abrem às {0}",
        "Apresente este código na entrada, impresso ou no celular.",
        "Vale para uma entrada. Guarde-o: uma cópia também abre a porta.",
        "Se o código não for lido, a equipe encontra o ingresso pelo pedido ou pelo nome.",
        "Vendido por",
        "Ingresso {0} de {1}"
    );

    public static TicketWords In(string language) => language == Portuguese ? InPortuguese : InEnglish;
}
