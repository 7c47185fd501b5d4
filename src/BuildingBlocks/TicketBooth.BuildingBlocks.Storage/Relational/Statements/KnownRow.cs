namespace TicketBooth.BuildingBlocks.Storage.Relational.Statements;

/// <summary>What happens to a row whose key an inserted one has.</summary>
public enum KnownRow
{
    /// <summary>The insertion fails.</summary>
    Fails,

    /// <summary>It stays as it is.</summary>
    Stays,

    /// <summary>It gets the values of the other one.</summary>
    Replaced,

    /// <summary>The numbers of the other one are added to its own.</summary>
    Grows,
}
