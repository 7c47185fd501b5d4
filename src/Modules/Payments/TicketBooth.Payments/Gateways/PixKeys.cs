namespace TicketBooth.Payments.Gateways;

/// <summary>The shape of a key of Pix, by which a bank finds the payee's account.</summary>
internal static class PixKeys
{
    public const string Pattern = $@"^({TaxNumber}|{Telephone}|{RandomKey}|{EMail})\z";

    public const string Hint =
        "must be a key of Pix: a CPF or CNPJ without dots, +55 and a telephone number, an e-mail address in small letters, or a "
        + "random key.";

    private const string TaxNumber = "[0-9]{11}|[0-9A-Z]{12}[0-9]{2}";
    private const string Telephone = @"\+[1-9][0-9]{7,14}";
    private const string RandomKey = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private const string EMail = "(?=.{3,77}$)[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+([.][a-z0-9-]+)*";
}
