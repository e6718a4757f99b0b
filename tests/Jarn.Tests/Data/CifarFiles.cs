using System.Formats.Tar;
using System.Text;

namespace Jarn.Tests.Data;

/// <summary>Small files of CIFAR's binary version, alone and in an archive.</summary>
internal static class CifarFiles
{
    /// <summary>Names of CIFAR-10's files in the order in which an archive may have them.</summary>
    public static readonly string[] Names =
    [
        "data_batch_4.bin", "test_batch.bin", "data_batch_1.bin", "data_batch_5.bin", "data_batch_3.bin", "data_batch_2.bin",
    ];

    /// <summary>Pixel (row, column, channel) of image n as <see cref="Batch"/> has it.</summary>
    public static byte Pixel(int n, int row, int column, int channel) =>
        (byte)((29 * n) + (3 * row) + (7 * column) + (83 * channel) + (row * column));

    /// <summary>Records whose last label byte is n modulo 10, n counting from <paramref name="first"/>.</summary>
    public static byte[] Batch(int first, int count, int labelBytes = 1)
    {
        byte[] records = new byte[count * (labelBytes + 3072)];
        int at = 0;
        for (int n = first; n < first + count; n++)
        {
            at += labelBytes;
            records[at - 1] = (byte)(n % 10);
            for (int channel = 0; channel < 3; channel++)
            {
                for (int row = 0; row < 32; row++)
                {
                    for (int column = 0; column < 32; column++)
                    {
                        records[at++] = Pixel(n, row, column, channel);
                    }
                }
            }
        }
        return records;
    }

    /// <summary>Two images a batch, numbered through the training batches in their order; the test images go on from there.</summary>
    public static byte[] Content(string name) => Batch(name == "test_batch.bin" ? 10 : 2 * (name[^5] - '1'), 2);

    /// <summary>The whole archive, not packed, with what else CIFAR's archive holds.</summary>
    public static byte[] Archive(TarEntryFormat format = TarEntryFormat.Ustar, params IEnumerable<string> names)
    {
        using MemoryStream stream = new();
        using (TarWriter writer = new(stream, format, leaveOpen: true))
        {
            writer.WriteEntry(Entry(format, TarEntryType.Directory, "cifar-10-batches-bin/"));
            foreach (string name in names)
            {
                TarEntry file = Entry(format, TarEntryType.RegularFile, $"cifar-10-batches-bin/{name}");
                file.DataStream = new MemoryStream(Content(name));
                writer.WriteEntry(file);
            }
            TarEntry text = Entry(format, TarEntryType.RegularFile, "cifar-10-batches-bin/readme.html");
            text.DataStream = new MemoryStream(Encoding.ASCII.GetBytes("<html>"));
            writer.WriteEntry(text);
        }
        return stream.ToArray();
    }

    /// <summary>Of a fixed time: two archives of the same files have the same checksum.</summary>
    private static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name) => format switch
    {
        TarEntryFormat.Pax => new PaxTarEntry(type, name) { ModificationTime = DateTimeOffset.UnixEpoch },
        TarEntryFormat.Gnu => new GnuTarEntry(type, name) { ModificationTime = DateTimeOffset.UnixEpoch },
        _ => new UstarTarEntry(type, name) { ModificationTime = DateTimeOffset.UnixEpoch },
    };
}
