using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

/// <summary>Small idx files, and a data set made of them.</summary>
internal static class IdxFiles
{
    public static byte[] Encode(ReadOnlySpan<byte> values, params int[] dimensions)
    {
        byte[] file = new byte[(4 * (1 + dimensions.Length)) + values.Length];
        file[2] = 8;
        file[3] = (byte)dimensions.Length;
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 * (1 + axis)), dimensions[axis]);
        }
        values.CopyTo(file.AsSpan(4 * (1 + dimensions.Length)));
        return file;
    }

    /// <summary>Images whose pixels are unlike one another.</summary>
    public static byte[] Images(int count, int side = 28, int seed = 1)
    {
        byte[] pixels = new byte[count * side * side];
        new Random(seed).NextBytes(pixels);
        return Encode(pixels, count, side, side);
    }

    /// <summary>Labels 0 to 9, over and over.</summary>
    public static byte[] Labels(int count) => Encode([.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))], count);

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }
        return packed.ToArray();
    }

    /// <summary>The four files of a data set of 30 training and 20 test images, by their names without ".gz"; not packed.</summary>
    public static Dictionary<string, byte[]> Set() => new()
    {
        ["train-images-idx3-ubyte"] = Images(30),
        ["train-labels-idx1-ubyte"] = Labels(30),
        ["t10k-images-idx3-ubyte"] = Images(20, seed: 2),
        ["t10k-labels-idx1-ubyte"] = Labels(20),
    };

    /// <summary>A source that pins the packed files of <see cref="Set"/>.</summary>
    public static PublishedDataset Source(params Uri[] mirrors)
    {
        Dictionary<string, byte[]> set = Set();
        return PublishedDataset.Mnist with
        {
            Files = [.. set.Select(file => Pinned($"{file.Key}.gz", Gzip(file.Value)))],
            TrainCount = 30,
            TestCount = 20,
            Mirrors = mirrors,
        };
    }

    public static SourceFile Pinned(string name, byte[] content) => new(name, content.Length, Convert.ToHexStringLower(MD5.HashData(content)));
}
