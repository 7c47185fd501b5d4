namespace TicketBooth.Dashboard.ReadModel.Writing;

/// <summary>
/// A change that the read model applies. Applying is a merge: an update may come twice, late and in any order, and the same row results.
/// That is why these consumers need no inbox.
/// </summary>
internal abstract record ReadModelUpdate;
