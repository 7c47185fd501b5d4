using System.Globalization;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>
/// The room on a disk, of which a part is left to others: a backup on the disk of the files must not take from sellers what they write to.
/// </summary>
internal sealed class DiskRoom(string folder)
{
    private const long Megabyte = 1 << 20;
    private const long LargestReserve = 256 * Megabyte;
    private const int ShareOfReserve = 20;

    private readonly DriveInfo disk = new(folder);

    /// <exception cref="StorageException">There is too little.</exception>
    public void Expect(long bytes)
    {
        var reserve = Math.Min(LargestReserve, disk.TotalSize / ShareOfReserve);
        if (disk.AvailableFreeSpace - reserve < bytes)
        {
            throw new StorageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{folder} has too little room for a backup: {disk.AvailableFreeSpace / Megabyte} MB are free, "
                        + $"{(bytes + reserve) / Megabyte} MB are needed."
                )
            );
        }
    }
}
