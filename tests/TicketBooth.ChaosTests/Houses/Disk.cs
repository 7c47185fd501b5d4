using System.Globalization;

namespace TicketBooth.ChaosTests.Houses;

/// <summary>
/// A disk of the house's own: ext4 in a file, on a loop device. It can be full, read-only, or fail in the middle of everything, and what
/// was synced to it must be there when it is repaired.
/// </summary>
internal sealed class Disk
{
    private const long Rest = 4L << 20;

    private readonly string image;
    private readonly string filler;

    private Disk(string folder)
    {
        image = System.IO.Path.Combine(folder, "disk.img");
        Path = Directory.CreateDirectory(System.IO.Path.Combine(folder, "disk")).FullName;
        filler = System.IO.Path.Combine(Path, "filler");
    }

    public string Path { get; }

    /// <summary>Null where this user may not mount one.</summary>
    public static async Task<Disk?> MountAsync(string folder, int megabytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var disk = new Disk(folder);
        await using (var file = File.Create(disk.image))
        {
            file.SetLength((long)megabytes << 20);
        }

        await Houses.Run.AsyncOf("mkfs.ext4", "-q", "-F", "-m", "0", disk.image);
        return (await Houses.Run.TryAsync("mount", "-o", "loop,errors=remount-ro", disk.image, disk.Path)).ExitCode == 0 ? disk : null;
    }

    /// <summary>To the last byte: a file of the host's may have room for another order or two, and then has none.</summary>
    public async Task FillAsync()
    {
        // Most of it without writing it.
        var most = Math.Max(1, new DriveInfo(Path).AvailableFreeSpace - Rest);
        await Houses.Run.AsyncOf("fallocate", "-l", most.ToString(CultureInfo.InvariantCulture), filler);
        await using var file = new FileStream(filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 1 << 22; size > 0; size /= 2)
        {
            try
            {
                while (true)
                {
                    await file.WriteAsync(new byte[size]);
                }
            }
            catch (IOException)
            {
                // No room for so much: for less, perhaps.
            }
        }
    }

    public void Free() => File.Delete(filler);

    /// <summary>Only while no file of it is open for writing.</summary>
    public Task SetReadOnlyAsync(bool isReadOnly) => Houses.Run.AsyncOf("mount", "-o", $"remount,{(isReadOnly ? "ro" : "rw")}", Path);

    /// <summary>As when the device reports an error: the file system becomes read-only under whoever writes, and forgets what was not synced.</summary>
    public async Task FailAsync()
    {
        await File.WriteAllTextAsync(System.IO.Path.Combine(await StateAsync(), "trigger_fs_error"), "1");
    }

    /// <summary>Only while no process uses it.</summary>
    public async Task RepairAsync()
    {
        var state = await StateAsync();
        await UnmountAsync();
        if (Directory.Exists(state))
        {
            throw new InvalidOperationException($"{Path} is still mounted for a process with mounts of its own (unshare, a container).");
        }

        var (exitCode, said) = await Houses.Run.TryAsync("e2fsck", "-p", image);
        // 1: errors were corrected.
        if (exitCode > 1)
        {
            throw new InvalidOperationException($"e2fsck ended with {exitCode}: {said}");
        }

        await Houses.Run.AsyncOf("mount", "-o", "loop,errors=remount-ro", image, Path);
    }

    public Task UnmountAsync() => Houses.Run.AsyncOf("umount", Path);

    /// <summary>Where the kernel shows the file system, as long as it is mounted anywhere.</summary>
    private async Task<string> StateAsync() =>
        System.IO.Path.Combine("/sys/fs/ext4", System.IO.Path.GetFileName((await Houses.Run.AsyncOf("findmnt", "-no", "SOURCE", Path)).Trim()));
}
