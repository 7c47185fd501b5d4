using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Settings;

namespace TicketBooth.Testing;

public static class MongoDbSpaceExtensions
{
    /// <summary>The space as a host opens it; every call is another host.</summary>
    public static MongoStorage OpenStorage(this MongoDbSpace space, bool readOnly = false)
    {
        ArgumentNullException.ThrowIfNull(space);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:MongoDb", space.ConnectionString)]).Build();
        return new MongoStorage(configuration, Options.Create(new StorageOptions { ReadOnly = readOnly }));
    }
}
