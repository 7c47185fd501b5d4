using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Sqlite;
using TicketBooth.Booking.Tests.Support;

namespace TicketBooth.Booking.Tests.Storage;

[TestFixture]
internal sealed class SqliteOrderStoreTests : OrderStoreContract
{
    private readonly StorageFolder folder = new();

    protected override Task<IOrderStore> OpenAsync() => Task.FromResult<IOrderStore>(SqliteStores.Open(folder.Open(), shard: 1));

    protected override Task CloseAsync() => folder.CloseAsync();

    protected override Task ClearAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }
}

[TestFixture]
internal sealed class SqliteBookingDirectoryTests : BookingDirectoryContract
{
    private readonly StorageFolder folder = new();

    protected override Task<IBookingDirectory> OpenAsync() =>
        Task.FromResult<IBookingDirectory>(new SqliteBookingDirectory(folder.Open().Open("booking", SqliteBookingDirectory.Schema)));

    protected override Task CloseAsync() => folder.CloseAsync();

    protected override Task ClearAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }
}
